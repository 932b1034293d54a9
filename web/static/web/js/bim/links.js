// A link or button that lights elements up: data-pt-bim-select="guid,guid", or the address of {"guids": […], "models": {pk: […]}}.
// With several models on a page the answer, or data-pt-bim-model, says which is meant. Without a viewer the link goes where its
// href says.
import { showToast } from "../toast.js";
import { word } from "../words.js";
import { viewer } from "./viewer.js";

export function bind(link) {
  link.addEventListener("click", async (event) => {
    const roots = [...document.querySelectorAll("[data-pt-bim]")];
    if (!roots.length || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    try {
      const { guids, models = {} } = await asked(link.dataset.ptBimSelect);
      const meant = ({ dataset }) => dataset.bimPk === link.dataset.ptBimModel || dataset.bimPk in models;
      const root = roots.find(meant) ?? (guids.length && !Object.keys(models).length ? roots[0] : null);
      if (!root) return void location.assign(link.href);
      const fold = root.closest("details");
      if (fold) fold.open = true;
      root.scrollIntoView({ block: "nearest" });
      (await viewer(root)).select(guids, { fade: true, fit: true, from: "link" });
    } catch (error) {
      console.warn(error);
      showToast(word("failed"), "error");
    }
  });
}

async function asked(said) {
  if (!said.startsWith("/")) return { guids: said.split(",").filter(Boolean) };
  const answer = await fetch(said, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
