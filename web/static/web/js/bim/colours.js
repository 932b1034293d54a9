// Paints the viewer inside: data-pt-bim-colours = the address of {"colours": [[guid, "#rrggbb"]]}.
import { viewer } from "./viewer.js";

export async function bind(root) {
  const [model, answer] = await Promise.all([
    viewer(root),
    fetch(root.dataset.ptBimColours, { headers: { accept: "application/json" } }),
  ]);
  if (!answer.ok) throw new Error(String(answer.status));
  model.colour((await answer.json()).colours);
}
