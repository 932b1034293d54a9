// Cuts the model open: one plane for each axis, moved by a slider, and planes that came with a viewpoint.
import { Plane, Vector3 } from "../../vendor/three/three.mjs";

const AXES = ["x", "y", "z"];

export class Section {
  /** `panel` holds [data-axis] rows with a checkbox, a range 0…1000 and a flip button; it may be missing. */
  constructor(stage, batches, panel, onChange) {
    Object.assign(this, { stage, batches, panel, onChange, foreign: [] });
    this.cuts = Object.fromEntries(AXES.map((axis) => [axis, { on: false, at: 0.5, flipped: false }]));
    for (const axis of AXES) this.watch(axis);
  }

  row(axis) {
    return this.panel?.querySelector(`[data-axis="${axis}"]`);
  }

  watch(axis) {
    const row = this.row(axis);
    if (!row) return;
    const [box, range, flip] = ["input[type=checkbox]", "input[type=range]", "button"].map((name) => row.querySelector(name));
    box.addEventListener("change", () => this.set(axis, { on: box.checked }));
    range.addEventListener("input", () => this.set(axis, { on: true, at: range.value / 1000 }));
    flip.addEventListener("click", () => this.set(axis, { on: true, flipped: !this.cuts[axis].flipped }));
  }

  set(axis, change) {
    Object.assign(this.cuts[axis], change);
    this.apply();
  }

  /** Planes of a viewpoint: [{location, direction}], direction points to what is cut away; figures in metres of the model. */
  foreignPlanes(planes) {
    this.foreign = planes.map(({ location, direction }) => new Plane().setFromNormalAndCoplanarPoint(
      new Vector3(...direction).normalize().negate(), new Vector3(...location).sub(this.batches.origin)));
    this.apply();
  }

  clear() {
    for (const axis of AXES) this.cuts[axis].on = false;
    this.foreign = [];
    this.apply();
  }

  own() {
    const { min, max } = this.batches.bounds;
    return AXES.filter((axis) => this.cuts[axis].on).map((axis) => {
      const { at, flipped } = this.cuts[axis];
      const margin = (max[axis] - min[axis]) * 0.001 + 0.001;
      const place = min[axis] - margin + (max[axis] - min[axis] + 2 * margin) * at;
      const normal = new Vector3();
      normal[axis] = flipped ? 1 : -1;
      return new Plane(normal, flipped ? -place : place);
    });
  }

  apply() {
    for (const axis of AXES) {
      const row = this.row(axis), cut = this.cuts[axis];
      if (!row) continue;
      row.querySelector("input[type=checkbox]").checked = cut.on;
      row.querySelector("input[type=range]").value = Math.round(cut.at * 1000);
    }
    this.stage.renderer.clippingPlanes = [...this.own(), ...this.foreign];
    this.stage.invalidate();
    this.onChange();
  }

  /** All planes as a viewpoint keeps them. */
  planes() {
    return this.stage.renderer.clippingPlanes.map(({ normal, constant }) => ({
      location: normal.clone().multiplyScalar(-constant).add(this.batches.origin).toArray(),
      direction: normal.clone().negate().toArray(),
    }));
  }

  /** "z0.500-" and the like, for the address. */
  get state() {
    return AXES.filter((axis) => this.cuts[axis].on).map((axis) => `${axis}${this.cuts[axis].at.toFixed(3)}${this.cuts[axis].flipped ? "-" : ""}`).join("_");
  }

  set state(text) {
    for (const axis of AXES) this.cuts[axis].on = false;
    for (const [, axis, at, flipped] of text.matchAll(/([xyz])([01]\.\d{3})(-?)/g)) Object.assign(this.cuts[axis], { on: true, at: Number(at), flipped: Boolean(flipped) });
    this.apply();
  }
}
