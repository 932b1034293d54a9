// The side of the viewer: two trees, the search and their wiring to what is seen.
import { Tree } from "./tree.js";

export class Side {
  /** `viewer` as in viewer.js; works without a drawn model too. */
  constructor(root, facts, words, viewer) {
    Object.assign(this, { facts, words, viewer, kind: "place" });
    const find = (name) => root.querySelector(`[data-bim-${name}]`);
    this.field = find("search");
    this.found = find("found");
    this.tabs = [...root.querySelectorAll("[data-bim-tree-kind]")];
    this.tree = new Tree(find("tree-list"), words, {
      choose: (node) => viewer.select(node.guid ? [node.guid] : node.guids(), { fade: !node.guid, fit: true, from: "tree" }),
      toggle: (node) => viewer.hide(this.guidsOf(node), this.isShown(node)),
      isShown: (node) => this.isShown(node),
    });
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.turn(tab.dataset.bimTreeKind));
      tab.addEventListener("keydown", ({ key }) => { if (key === "ArrowLeft" || key === "ArrowRight") this.turn(this.kind === "place" ? "class" : "place", true); });
    }
    this.field.addEventListener("input", () => { clearTimeout(this.wait); this.wait = setTimeout(() => this.search(), 150); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the field may stand in a form of the page round it
      clearTimeout(this.wait);
      this.search();
      this.chooseFound();
    });
    this.found.addEventListener("click", () => this.chooseFound());
    this.turn("place");
  }

  turn(kind, focus = false) {
    this.kind = kind;
    for (const tab of this.tabs) {
      const chosen = tab.dataset.bimTreeKind === kind;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen && focus) tab.focus();
    }
    this.field.value = "";
    this.search();
  }

  search() {
    this.hits = this.facts.search(this.field.value);
    const searching = Boolean(this.field.value.trim());
    this.found.hidden = !searching || !this.hits.length;
    this.found.textContent = this.words("chooseFound", this.hits.length);
    if (searching) this.tree.show(this.hits.map((one) => ({ ...this.facts.leaf(one), note: one.class[1] })), { flat: true });
    else this.tree.show(this.kind === "place" ? this.facts.byPlace() : this.facts.byClass());
    this.viewer.say(searching ? this.words(this.hits.length ? "foundCount" : "nothingFound", this.hits.length) : "");
    this.tree.select(this.viewer.selected());
  }

  chooseFound() {
    if (this.hits.length) this.viewer.select(this.hits.map(({ guid }) => guid), { fade: true, fit: true, from: "tree" });
  }

  guidsOf(node) {
    return (node.known ??= node.guids());
  }

  /** null where nothing of the node is drawn. */
  isShown(node) {
    const drawn = this.guidsOf(node).filter((guid) => this.viewer.draws(guid));
    return drawn.length ? drawn.some((guid) => this.viewer.look.isShown(guid)) : null;
  }

  selected(guids, from) {
    if (guids.length === 1 && from !== "tree" && !this.field.value) this.tree.reveal(this.kind === "place" ? this.facts.pathOf(guids[0]) : this.facts.classPathOf(guids[0]));
    this.tree.select(guids);
  }
}
