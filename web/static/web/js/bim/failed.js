// A link that paints the elements that fail a check red and greys the others: data-pt-bim-colour = the address of {"guids": […]}.
// Without a viewer on the page the link goes where its href says.
import { showToast } from "../toast.js";
import { word } from "../words.js";
import { viewer } from "./viewer.js";

const RED = "#d92d20";

export function bind(link) {
  link.addEventListener("click", async (event) => {
    const root = link.closest("details")?.querySelector("[data-pt-bim]") ?? document.querySelector("[data-pt-bim]");
    if (!root || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.dataset.ptBimColour, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const { guids } = await answer.json();
      const model = await viewer(root);
      model.colour(guids.map((guid) => [guid, RED]), { fade: true });
      model.fit(guids);
    } catch (error) {
      console.warn(error);
      showToast(word("failed"), "error");
    }
  });
}
