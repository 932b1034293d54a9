// A tree one walks with the keyboard (ARIA tree): rows are made when their parent opens, long lists a part at a time.
const PART = 150;

export class Tree {
  /** `list`: the <ul role="tree">. `acts`: {choose(node), toggle(node), isShown(node)}. */
  constructor(list, words, acts) {
    Object.assign(this, { list, words, acts, rows: new Map() });
    list.addEventListener("click", (event) => this.click(event));
    list.addEventListener("keydown", (event) => this.key(event));
  }

  show(nodes, { flat = false } = {}) {
    this.rows.clear();
    this.list.replaceChildren();
    this.fill(this.list, nodes, 1, flat);
    this.list.querySelector("[role=treeitem]")?.setAttribute("tabindex", "0");
  }

  fill(list, nodes, level, flat = false, from = 0) {
    const end = Math.min(nodes.length, from + PART);
    for (const [n, node] of nodes.slice(from, end).entries()) list.append(this.row(node, level, from + n + 1, nodes.length, flat));
    if (end < nodes.length) list.append(this.more(list, nodes, level, flat, end));
  }

  more(list, nodes, level, flat, from) {
    const row = make("li", "bim-tree-more", { role: "treeitem", "aria-level": level, tabindex: "-1" });
    row.textContent = this.words("more", nodes.length - from);
    row.fill = () => {
      row.remove();
      this.fill(list, nodes, level, flat, from);
    };
    row.open = () => {
      const first = list.children.length - 1;
      row.fill();
      this.focus(list.children[first]);
    };
    return row;
  }

  row(node, level, at, size, flat) {
    const row = make("li", "", { role: "treeitem", "aria-level": level, "aria-posinset": at, "aria-setsize": size, tabindex: "-1", "aria-selected": "false" });
    const line = make("span", "bim-tree-line");
    line.style.paddingInlineStart = `${(level - 1) * 0.75}rem`;
    const name = make("span", "bim-tree-name");
    name.textContent = node.label;
    const twist = make("span", "bim-tree-twist", { "aria-hidden": "true" });
    line.append(twist, name);
    if (node.count !== undefined) line.append(Object.assign(make("span", "bim-tree-count"), { textContent: node.count }));
    if (node.note) line.append(Object.assign(make("span", "bim-tree-note"), { textContent: node.note }));
    const eye = make("button", "bim-tree-eye", { type: "button", tabindex: "-1", "aria-label": `${this.words("toggle")} ${node.label}` });
    line.append(eye);
    row.append(line);
    row.node = node;
    this.rows.set(node.key, row);
    const children = flat ? [] : (node.children?.() ?? []);
    if (children.length) {
      row.setAttribute("aria-expanded", "false");
      row.kids = children;
      if (node.open && level < 5) this.expand(row, true);
    }
    this.mark(row);
    return row;
  }

  expand(row, open) {
    if (!row?.kids || (row.getAttribute("aria-expanded") === "true") === open) return;
    row.setAttribute("aria-expanded", String(open));
    if (open && !row.querySelector(":scope > ul")) {
      const list = make("ul", "", { role: "group" });
      row.append(list);
      this.fill(list, row.kids, Number(row.getAttribute("aria-level")) + 1);
    }
  }

  /** A node none of whose elements has a shape has nothing to show or hide. */
  mark(row) {
    const shown = this.acts.isShown(row.node);
    const eye = row.querySelector(".bim-tree-eye");
    row.classList.toggle("is-hidden", shown === false);
    eye.hidden = shown === null;
    eye.setAttribute("aria-pressed", String(Boolean(shown)));
  }

  /** After something was hidden or shown. */
  refresh() {
    for (const row of this.rows.values()) if (row.isConnected) this.mark(row);
  }

  select(guids) {
    const chosen = new Set(guids);
    for (const row of this.rows.values()) row.setAttribute("aria-selected", String(chosen.has(row.node.guid)));
  }

  click(event) {
    const row = event.target.closest("[role=treeitem]");
    if (!row) return;
    if (row.open) return row.open();
    this.focus(row);
    if (event.target.closest(".bim-tree-eye")) return this.acts.toggle(row.node);
    if (event.target.closest(".bim-tree-twist")) return this.expand(row, row.getAttribute("aria-expanded") !== "true");
    this.acts.choose(row.node);
    if (!row.node.guid) this.expand(row, true);
  }

  key(event) {
    const row = event.target.closest("[role=treeitem]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const seen = [...this.list.querySelectorAll("[role=treeitem]")].filter((one) => one.getClientRects().length);
    const at = seen.indexOf(row), isOpen = row.getAttribute("aria-expanded") === "true";
    const parent = row.parentElement.closest("[role=treeitem]");
    const acts = {
      ArrowDown: () => this.focus(seen[at + 1]),
      ArrowUp: () => this.focus(seen[at - 1]),
      Home: () => this.focus(seen[0]),
      End: () => this.focus(seen.at(-1)),
      ArrowRight: () => (isOpen ? this.focus(seen[at + 1]) : this.expand(row, true)),
      ArrowLeft: () => (isOpen ? this.expand(row, false) : this.focus(parent)),
      Enter: () => (row.open ? row.open() : this.acts.choose(row.node)),
      " ": () => (row.open ? row.open() : this.acts.toggle(row.node)),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  focus(row) {
    if (!row) return;
    for (const one of this.list.querySelectorAll("[tabindex='0'][role=treeitem]")) one.tabIndex = -1;
    row.tabIndex = 0;
    row.focus({ preventScroll: true });
    this.intoSight(row);
  }

  /** Scrolls the tree only, never the page. */
  intoSight(row) {
    const line = (row.querySelector(".bim-tree-line") ?? row).getBoundingClientRect(), box = this.list.getBoundingClientRect();
    this.list.scrollTop += Math.min(0, line.top - box.top) || Math.max(0, line.bottom - box.bottom);
  }

  /** Opens what is above the element and brings its row into sight, without taking the focus. */
  reveal(path) {
    let list = this.list;
    for (const key of path) {
      while (!this.rows.get(key)?.isConnected && list?.lastElementChild?.fill) list.lastElementChild.fill();
      const row = this.rows.get(key);
      if (!row) continue; // a level this tree does not have
      if (key === path.at(-1)) return this.intoSight(row);
      this.expand(row, true);
      list = row.querySelector(":scope > ul");
    }
  }
}

function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
