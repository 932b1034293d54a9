// How every element looks now: hidden, faded, coloured, selected. One texel each, so that a change costs no new buffers.
import { DataTexture } from "../../vendor/three/three.mjs";
import { AS_BUILT, COLOURED, GHOST, HIDDEN } from "./materials.js";

const WIDTH = 1024;
export const SELECTED = [26, 110, 235];

export class Look {
  /** `ids`: Map guid → number. Guids without a shape are remembered as selected, but paint nothing. */
  constructor(ids, onChange) {
    this.ids = ids;
    this.onChange = onChange;
    this.count = ids.size;
    this.hidden = new Uint8Array(this.count);
    this.setAside = new Uint8Array(this.count); // spaces and the like, which only show when asked for
    this.colours = new Map(); // number → [r, g, b]
    this.selected = []; // guids
    this.fades = { selected: false, coloured: false }; // whether all but these fade
    this.texture = new DataTexture(new Uint8Array(WIDTH * Math.max(1, Math.ceil(this.count / WIDTH)) * 4), WIDTH, Math.max(1, Math.ceil(this.count / WIDTH)));
    this.paint();
  }

  numbers(guids) {
    return [...guids].map((guid) => this.ids.get(guid)).filter((id) => id !== undefined);
  }

  select(guids, { fade = false } = {}) {
    this.selected = [...guids];
    this.fades.selected = fade;
    this.change();
  }

  hide(guids, hidden = true) {
    for (const id of this.numbers(guids)) this.hidden[id] = hidden ? 1 : 0;
    this.change();
  }

  /** Only these stay; without guids all that is not set aside comes back. */
  isolate(guids) {
    this.hidden.fill(guids ? 1 : 0);
    if (guids) for (const id of this.numbers(guids)) this.hidden[id] = this.setAside[id] = 0;
    this.change();
  }

  aside(guids, isAside) {
    for (const id of this.numbers(guids)) this.setAside[id] = isAside ? 1 : 0;
    this.change();
  }

  /** Map guid → "#rrggbb", or null for the model's own colours. */
  colour(map, { fade = true } = {}) {
    this.colours.clear();
    for (const [guid, colour] of map ?? []) {
      const id = this.ids.get(guid);
      if (id !== undefined) this.colours.set(id, [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
    }
    this.fades.coloured = this.colours.size > 0 && fade;
    this.change();
  }

  isShown(guid) {
    const id = this.ids.get(guid);
    return id !== undefined && !this.hidden[id] && !this.setAside[id];
  }

  hiddenGuids() {
    return [...this.ids].filter(([, id]) => this.hidden[id] && !this.setAside[id]).map(([guid]) => guid);
  }

  change() {
    this.paint();
    this.onChange();
  }

  paint() {
    const { data } = this.texture.image;
    const chosen = new Set(this.numbers(this.selected));
    const plain = this.fades.selected || this.fades.coloured ? GHOST : AS_BUILT;
    for (let id = 0; id < this.count; id++) {
      const shown = !this.hidden[id] && !this.setAside[id];
      const colour = chosen.has(id) ? SELECTED : this.colours.get(id);
      data.set(colour ?? [0, 0, 0], id * 4);
      data[id * 4 + 3] = !shown ? HIDDEN : colour ? COLOURED : plain;
    }
    this.texture.needsUpdate = true;
  }
}
