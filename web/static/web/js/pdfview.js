// The in-page PDF viewer of components/pdf_viewer.html: pages drawn when they come into sight, text one can select.
import * as pdfjs from "../vendor/pdfjs-dist/pdf.mjs";
import { word } from "./words.js";

const SCALES = { least: 0.25, most: 4 };

export async function bind(root) {
  const find = (name) => root.querySelector(`[data-pt-pdf-${name}]`);
  const view = { root, find, pages: [], scale: 1, fit: true, file: null, drawing: new Map() };
  view.sight = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) if (isIntersecting) draw(view, Number(target.dataset.page));
  }, { root: find("pages"), rootMargin: "600px" });
  root.addEventListener("pt:pdf", () => open(view));
  root.addEventListener("click", (event) => {
    const { ptPdfGo, ptPdfZoom } = event.target.closest("[data-pt-pdf-go], [data-pt-pdf-zoom]")?.dataset ?? {};
    if (ptPdfGo) show(view, current(view) + Number(ptPdfGo));
    if (ptPdfZoom) resize(view, ptPdfZoom);
  });
  find("page").addEventListener("change", (event) => show(view, Number(event.target.value) || 1));
  find("pages").addEventListener("scroll", () => { find("page").value = current(view); }, { passive: true });
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (view.fit && view.file && Math.abs(contentRect.width - width) > 2) resize(view, "fit");
    width = contentRect.width;
  }).observe(root);
  await open(view);
}

async function open(view) {
  const { root, find } = view;
  const vendor = new URL(root.dataset.ptPdfVendor, location.href).href;
  pdfjs.GlobalWorkerOptions.workerSrc = `${vendor}pdf.worker.mjs`;
  let first;
  try {
    await view.file?.loadingTask.destroy();
    view.file = await pdfjs.getDocument({
      url: root.dataset.ptPdf, isEvalSupported: false, enableXfa: false, useWasm: false, withCredentials: true,
      cMapUrl: `${vendor}cmaps/`, cMapPacked: true, standardFontDataUrl: `${vendor}standard_fonts/`, wasmUrl: `${vendor}wasm/`,
    }).promise;
    first = await view.file.getPage(1); // a damaged file may have none
  } catch (error) {
    view.file = null;
    find("bar").hidden = find("pages").hidden = true;
    find("fallback").hidden = false;
    find("fallback").prepend(`${word("no-pdf")} `);
    return console.warn(error);
  }
  find("bar").hidden = find("pages").hidden = false;
  find("fallback").hidden = true;
  find("count").textContent = view.file.numPages;
  find("page").value = 1;
  view.size = first.getViewport({ scale: 1 });
  view.pages = Array.from({ length: view.file.numPages }, (_, n) => {
    const page = document.createElement("div");
    page.className = "pdf-page";
    page.dataset.page = n + 1;
    return page;
  });
  find("pages").replaceChildren(...view.pages);
  resize(view, "fit");
}

function resize(view, how) {
  const box = view.find("pages");
  const at = current(view);
  view.fit = how === "fit";
  const wanted = view.fit ? (box.clientWidth - 2 * parseFloat(getComputedStyle(box).paddingLeft)) / view.size.width : view.scale * Number(how);
  view.scale = Math.min(SCALES.most, Math.max(SCALES.least, wanted));
  view.find("scale").textContent = `${Math.round(view.scale * 100)}%`;
  for (const task of view.drawing.values()) task.cancel?.();
  view.drawing.clear();
  view.sight.disconnect();
  for (const page of view.pages) {
    page.replaceChildren();
    page.style.width = `${view.size.width * view.scale}px`;
    page.style.height = `${view.size.height * view.scale}px`;
    view.sight.observe(page);
  }
  show(view, at);
}

async function draw(view, number) {
  if (view.drawing.has(number)) return;
  view.drawing.set(number, {});
  const scale = view.scale;
  const page = await view.file.getPage(number);
  if (scale !== view.scale) return;
  const box = view.pages[number - 1];
  const viewport = page.getViewport({ scale });
  box.style.width = `${viewport.width}px`;
  box.style.height = `${viewport.height}px`;
  const canvas = document.createElement("canvas");
  const sharp = Math.min(devicePixelRatio || 1, 2);
  canvas.width = Math.floor(viewport.width * sharp);
  canvas.height = Math.floor(viewport.height * sharp);
  const task = page.render({ canvas, viewport, transform: sharp === 1 ? null : [sharp, 0, 0, sharp, 0, 0] });
  view.drawing.set(number, task);
  const text = document.createElement("div");
  text.className = "pdf-text";
  text.style.setProperty("--total-scale-factor", scale);
  box.replaceChildren(canvas, text);
  try {
    await task.promise;
    await new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
  } catch (error) {
    if (error?.name !== "RenderingCancelledException") console.warn(error);
  }
}

function current(view) {
  const box = view.find("pages");
  if (box.scrollTop === 0) return 1;
  const middle = box.scrollTop + box.clientHeight / 3;
  const at = view.pages.findIndex((page) => page.offsetTop - box.offsetTop + page.offsetHeight > middle);
  return at < 0 ? Math.max(1, view.pages.length) : at + 1;
}

function show(view, number) {
  const page = view.pages[Math.min(view.pages.length, Math.max(1, number)) - 1];
  if (!page) return;
  const box = view.find("pages");
  box.scrollTop = page.offsetTop - box.offsetTop - 8;
  view.find("page").value = page.dataset.page;
}
