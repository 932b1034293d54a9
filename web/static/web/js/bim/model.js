// What is shown of one model and done with it; viewer.js says what other modules may call.
import { Address } from "./address.js";
import { batchesOf } from "./batches.js";
import { Views } from "./camera.js";
import { Facts } from "./facts.js";
import { fetchWhole } from "./fetching.js";
import { readGlb } from "./glb.js";
import { Look } from "./look.js";
import { materialsFor } from "./materials.js";
import { Panel } from "./panel.js";
import { Picker } from "./pick.js";
import { Section } from "./section.js";
import { Side } from "./side.js";
import { Stage } from "./stage.js";
import { watchToolbar } from "./toolbar.js";
import { wordsOf } from "./words.js";

const SET_ASIDE = ["IfcSpace", "IfcSpatialZone", "IfcOpeningElement", "IfcVirtualElement"];
export class Model {
  constructor(root) {
    this.root = root;
    this.words = wordsOf(root);
    this.find = (name) => root.querySelector(`[data-bim-${name}]`);
    this.look = new Look(new Map(), () => {});
    this.guids = [];
    this.only = null;
  }

  async load() {
    const { bimTree, ptBim } = this.root.dataset;
    this.find("app").hidden = false;
    this.say(this.words("loading", ""));
    const bytes = ptBim ? fetchWhole(ptBim, (share) => this.say(this.words("loading", `${Math.round(share * 100)}%`))) : null;
    bytes?.catch(() => {}); // told below
    this.facts = new Facts(await (await fetch(bimTree)).json(), this.words);
    this.panel = new Panel(this.root, this.facts, this.words, this);
    this.side = new Side(this.root, this.facts, this.words, this);
    try {
      if (!bytes) throw new Error("no geometry");
      this.stage = new Stage(this.find("canvas"));
      this.draw(readGlb(await bytes));
    } catch (error) {
      this.undrawn(error);
    }
    this.root.dispatchEvent(new CustomEvent("pt:bim-ready", { bubbles: true }));
  }

  draw(glb) {
    const materials = materialsFor(null);
    this.batches = batchesOf(glb, materials);
    this.guids = this.batches.guids;
    this.look = new Look(this.batches.ids, () => this.changed());
    materials.uniform.value = this.look.texture;
    this.stage.scene.add(...this.batches.objects);
    this.stage.holds(this.batches.bounds);
    this.views = new Views(this.stage, this.batches);
    this.section = new Section(this.stage, this.batches, this.find("section"), () => this.address?.write());
    this.spaces(false);
    this.views.fit(null, "iso");
    const picker = new Picker(this.stage, materials);
    picker.watch((number, event) => this.picked(number, event), (number) => number !== null && this.fit([this.guids[number]]));
    watchToolbar(this.root, this);
    this.say("");
    this.root.classList.add("is-drawn");
    if ("bimAddress" in this.root.dataset) {
      this.address = new Address(this);
      this.address.read();
      this.stage.onRest = () => this.address.write();
    }
    this.side.tree.refresh();
  }

  undrawn(error) {
    if (this.root.dataset.ptBim) console.warn(error);
    this.stage = null;
    this.say("");
    this.find("undrawn").hidden = false;
    this.find("bar").hidden = this.find("canvas").hidden = true;
    const asked = new URLSearchParams(location.search).get("select");
    if (asked && "bimAddress" in this.root.dataset) this.select(asked.split(","));
  }

  picked(number, { shiftKey, ctrlKey, metaKey }) {
    const guid = number === null ? [] : [this.guids[number]];
    const more = (shiftKey || ctrlKey || metaKey) && guid.length;
    if (!more) return this.select(guid, { from: "model" });
    const chosen = new Set(this.selected());
    if (!chosen.delete(guid[0])) chosen.add(guid[0]);
    this.select([...chosen], { from: "model" });
  }

  draws(guid) {
    return this.look.ids.has(guid);
  }

  say(text) {
    this.find("status").textContent = text;
  }

  changed() {
    this.stage.invalidate();
    this.side?.tree.refresh();
    this.address?.write();
  }

  selected() {
    return this.look.selected;
  }

  select(guids, { fade = false, fit = false, from = "" } = {}) {
    const chosen = [...new Set(guids)].filter((guid) => !this.facts || this.facts.byGuid.has(guid) || this.draws(guid));
    this.look.select(chosen, { fade: fade && chosen.length > 0 });
    if (fit && chosen.some((guid) => this.draws(guid))) this.fit(chosen);
    this.side?.selected(chosen, from);
    this.panel?.show(chosen);
    this.say(chosen.length > 1 ? this.words("chosen", chosen.length) : "");
    this.root.dispatchEvent(new CustomEvent("pt:bim-select", { bubbles: true, detail: { guids: chosen, from } }));
  }

  colour(map, options) {
    this.look.colour(map && (map instanceof Map ? map : new Map(map)), options);
    this.coloured = map ? [...map] : [];
  }

  hide(guids, hidden = true) {
    if (!hidden) this.look.aside(guids, false);
    this.look.hide(guids, hidden);
  }

  isolate(guids) {
    if (!guids.length) return;
    this.only = [...guids];
    this.look.isolate(guids);
  }

  showAll() {
    this.only = null;
    this.coloured = [];
    this.look.isolate(null);
    this.look.colour(null);
    this.spaces(this.spacesShown);
    this.section.clear();
  }

  /** Rooms and openings stand in the way; they are drawn only when asked for. */
  spaces(shown) {
    this.spacesShown = shown;
    this.look.aside(this.facts.guidsOfClass(SET_ASIDE), !shown);
    return shown;
  }

  hasSpaces() {
    return this.facts.guidsOfClass(SET_ASIDE).some((guid) => this.draws(guid));
  }

  fit(guids = []) {
    this.views?.fit(this.look.numbers(guids));
  }

  zoom(factor) {
    const { camera, controls } = this.stage;
    camera.position.lerpVectors(controls.target, camera.position, factor);
    controls.update();
  }

  get drawn() {
    return Boolean(this.views);
  }

  camera() {
    return this.views?.get() ?? null;
  }

  setCamera(view) {
    this.views?.set(view);
  }

  async snapshot() {
    return this.stage?.snapshot() ?? null;
  }

  viewpoint() {
    if (!this.drawn) return null;
    const hidden = this.look.hiddenGuids();
    const few = hidden.length <= this.guids.length / 2;
    const groups = new Map();
    for (const [guid, colour] of this.coloured ?? []) groups.set(colour, [...(groups.get(colour) ?? []), guid]);
    return {
      camera: this.camera(), selection: this.selected(), planes: this.section.planes(),
      visibility: { default: few, exceptions: few ? hidden : this.guids.filter((guid) => this.look.isShown(guid)) },
      colouring: [...groups].map(([colour, guids]) => ({ colour, guids })),
    };
  }

  show({ camera, selection = [], visibility, colouring = [], planes = [] }) {
    if (!this.drawn) return this.select(selection);
    this.showAll();
    if (visibility && !visibility.default) this.isolate(visibility.exceptions);
    else if (visibility) this.hide(visibility.exceptions);
    if (colouring.length) this.colour(colouring.flatMap(({ colour, guids }) => guids.map((guid) => [guid, colour])), { fade: false });
    this.section.foreignPlanes(planes);
    this.select(selection);
    if (camera) this.setCamera(camera);
  }
}
