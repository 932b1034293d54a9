// Binds behaviour to data-pt-* hooks, now and in every fragment htmx brings. A module is fetched only where its hook stands.
import { showToast } from "./toast.js";
import { watchConfirmations } from "./dialog.js";
import { csrfToken, word } from "./words.js";

const behaviours = [
  ["[data-pt-menu]", () => import("./menu.js")],
  ["[data-pt-grid]", () => import("./grid.js")],
  ["[data-pt-upload]", () => import("./upload.js")],
  ["[data-pt-pdf]", () => import("./pdfview.js")],
  ["[data-pt-chart]", () => import("./charts.js")],
  ["[data-pt-autosave]", () => import("./autosave.js")],
  ["[data-pt-select]", () => import("./selection.js")],
  ["[data-pt-columns]", () => import("./columns.js")],
  ["[data-pt-submit-on-change]", () => import("./filters.js")],
  ["[data-pt-print]", () => import("./print.js")],
  ["[data-pt-rooms]", () => import("./rooms.js")],
  ["[data-pt-bim]", () => import("./bim/viewer.js")],
  ["[data-pt-bim-select]", () => import("./bim/links.js")],
  ["[data-pt-bim-colours]", () => import("./bim/colours.js")],
  ["[data-pt-bim-colour]", () => import("./bim/failed.js")],
  ["[data-pt-bim-selection]", () => import("./bim/selection.js")],
  ["[data-pt-bim-topic], [data-pt-bim-viewpoint]", () => import("./bim/topics.js")],
];
const bound = new WeakMap();

function bindOnce(element, selector, load) {
  const done = bound.get(element) ?? new Set();
  if (done.has(selector)) return;
  bound.set(element, done.add(selector));
  load().then((module) => module.bind(element)).catch((error) => console.error(selector, error));
}

export function bindAll(root) {
  for (const [selector, load] of behaviours) {
    if (root.matches?.(selector)) bindOnce(root, selector, load);
    for (const element of root.querySelectorAll(selector)) bindOnce(element, selector, load);
  }
  root.querySelector("[data-pt-focus]")?.focus();
}

watchConfirmations();
bindAll(document);

document.body.addEventListener("htmx:load", (event) => bindAll(event.detail.elt));
document.body.addEventListener("toast", (event) => {
  // HX-Trigger: {"toast": {"text": "…", "level": "success"}}; several at once as {"value": [...]}
  for (const one of [event.detail?.value ?? event.detail].flat()) showToast(one.text ?? String(one), one.level);
});
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") detail.headers["X-CSRFToken"] ??= csrfToken();
});
document.body.addEventListener("htmx:responseError", () => showToast(word("failed"), "error"));
document.body.addEventListener("htmx:sendError", () => showToast(word("offline"), "error"));
