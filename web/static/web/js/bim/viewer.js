// The model viewer of web/bim/_viewer.html. Other modules of the page reach it through
//
//   import { viewer } from "./bim/viewer.js";
//   const model = await viewer();            // the first on the page, or viewer(element); waits until the model is drawn
//   model.drawn                              false where there is no WebGL or no geometry: then only trees and facts follow,
//                                            camera, viewpoint and snapshot are null
//
//   model.select(guids, {fade, fit})         light up; `fade` greys all others, `fit` brings them into sight; [] = none
//   model.selected()                         → guids
//   model.colour(map, {fade})                Map (or pairs) guid → "#rrggbb"; null = the model's own colours
//   model.isolate(guids) / hide(guids, yes) / showAll()
//   model.fit(guids)                         the camera; without guids the whole model
//   model.camera() / setCamera(view)         {kind: "perspective"|"orthogonal", position, direction, up, target, fov°, aspect | scale}
//   model.viewpoint() / show(viewpoint)      {camera, selection: [guid], visibility: {default: bool, exceptions: [guid]},
//                                             colouring: [{colour, guids}], planes: [{location, direction}]}: what BCF keeps
//   model.snapshot()                         → Promise of a PNG blob
//   model.guids                              every GlobalId that has a shape
//
// Lengths are metres in the model's own coordinates (IFC, Z up). Events on the element, bubbling: "pt:bim-ready",
// "pt:bim-select" {guids, from}. A link or button with data-pt-bim-select="guid,guid" (or the address of {"guids": […]}) lights
// them up in the viewer of the page (links.js). `?select=guid,guid` and `#sel=…&cam=…&cut=…&only=…` do so on the viewer's own page.
import { Model } from "./model.js";

const opened = new WeakMap();

/** The viewer in `root` (an element that is or holds one), once its model is drawn or cannot be. Rejects where there is none. */
export function viewer(root = document) {
  const element = root.matches?.("[data-pt-bim]") ? root : root.querySelector("[data-pt-bim]");
  return element ? bind(element) : Promise.reject(new Error("no model on this page"));
}

export function bind(root) {
  if (!opened.has(root)) opened.set(root, open(root));
  return opened.get(root);
}

async function open(root) {
  await unfolded(root);
  const model = new Model(root);
  await model.load();
  return model;
}

/** A viewer inside closed <details> costs nothing until somebody opens them. */
function unfolded(root) {
  const fold = root.closest("details:not([open])");
  return fold && new Promise((resolve) => fold.addEventListener("toggle", resolve, { once: true }));
}
