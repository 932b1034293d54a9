// Saves a form as one goes and says so. <form data-pt-autosave="/address/"> (or its own action) gets the fields by POST with the
// header X-PT-Autosave: 1; 2xx = saved, 409 = somebody else changed it, 422 = kept but not valid yet (words in the body's "message").
import { csrfToken, word } from "./words.js";

const PAUSE_MS = 1200;

export function bind(form) {
  const state = form.querySelector("[data-pt-autosave-state]") ?? document.querySelector("[data-pt-autosave-state]");
  const save = { form, state, timer: null, dirty: false, busy: false, stopped: false };
  const later = () => {
    if (save.stopped) return;
    save.dirty = true;
    clearTimeout(save.timer);
    save.timer = setTimeout(() => send(save), PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { clearTimeout(save.timer); save.dirty = false; save.stopped = true; });
  window.addEventListener("online", () => save.dirty && send(save));
  window.addEventListener("pagehide", () => save.dirty && send(save, true));
  window.addEventListener("beforeunload", (event) => {
    if (save.dirty && !navigator.onLine) event.preventDefault();
  });
  if ([...form.elements].some(isTouched)) later(); // typed before this script was there
}

/** Whether a field says something else than the page came with. */
function isTouched(field) {
  if (!field.name || field.disabled || ["hidden", "file", "submit", "button"].includes(field.type)) return false;
  if (field.options) return [...field.options].some((one) => one.selected !== one.defaultSelected && field.selectedIndex > 0);
  return ["checkbox", "radio"].includes(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

async function send(save, leaving = false) {
  if (save.busy && !leaving) { save.timer = setTimeout(() => send(save), PAUSE_MS); return; }
  save.busy = true;
  save.dirty = false;
  say(save.state, "saving", word("saving"));
  try {
    const answer = await fetch(save.form.dataset.ptAutosave || save.form.action, {
      method: "POST", body: withoutFiles(save.form), keepalive: leaving, credentials: "same-origin",
      headers: { "X-PT-Autosave": "1", "X-CSRFToken": csrfToken(save.form), Accept: "application/json" },
    });
    await report(save, answer);
  } catch {
    save.dirty = true;
    say(save.state, "failed", word("offline"));
  } finally {
    save.busy = false;
  }
}

async function report(save, answer) {
  const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (answer.ok && !answer.redirected) {
    for (const [name, value] of Object.entries(said.fields ?? {})) {
      const input = save.form.elements.namedItem(name);
      if (input) input.value = value;
    }
    const time = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
    say(save.state, "saved", `${word("saved")} ${time}`);
    save.form.dispatchEvent(new CustomEvent("pt:saved", { bubbles: true, detail: said }));
  } else if (answer.status === 409) {
    save.stopped = true;
    say(save.state, "failed", said.message ?? word("stale"));
  } else {
    say(save.state, "failed", `${word("not-saved")} · ${said.message ?? word(answer.status < 500 ? "refused" : "failed")}`);
  }
}

/** Files travel by themselves (upload.js); what is saved here are the words and figures. */
function withoutFiles(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  return fields;
}

function say(element, state, text) {
  if (!element) return;
  element.dataset.ptState = state;
  element.textContent = text;
}
