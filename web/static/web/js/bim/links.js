// A link or button that lights elements up: data-pt-bim-select="guid,guid", or the address of {"guids": [guid]}.
// With several models on a page data-pt-bim-model names the one that is meant. On a page without a viewer the link goes where its href says.
import { showToast } from "../toast.js";
import { word } from "../words.js";
import { viewer } from "./viewer.js";

export function bind(link) {
  link.addEventListener("click", async (event) => {
    const { ptBimModel } = link.dataset;
    const root = document.querySelector(ptBimModel ? `[data-pt-bim][data-bim-pk="${ptBimModel}"]` : "[data-pt-bim]");
    if (!root || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const fold = root.closest("details");
    if (fold) fold.open = true;
    root.scrollIntoView({ block: "nearest" });
    try {
      const [guids, model] = await Promise.all([guidsOf(link.dataset.ptBimSelect), viewer(root)]);
      model.select(guids, { fade: true, fit: true, from: "link" });
    } catch (error) {
      console.warn(error);
      showToast(word("failed"), "error");
    }
  });
}

async function guidsOf(said) {
  if (!said.startsWith("/")) return said.split(",").filter(Boolean);
  const answer = await fetch(said, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).guids;
}
