// Views: fit what is given, look from a side, and the camera as plain values in the model's own metres (Z up).
import { Box3, Vector3 } from "../../vendor/three/three.mjs";

const SIDES = { iso: [-1, -1.2, 0.9], top: [0, -0.0001, 1], front: [0, -1, 0], back: [0, 1, 0], left: [-1, 0, 0], right: [1, 0, 0] };

export class Views {
  constructor(stage, batches) {
    Object.assign(this, { stage, batches });
  }

  boxOf(numbers) {
    const { boxes } = this.batches, box = new Box3();
    for (const id of numbers) {
      const [a, b, c, d, e, f] = boxes.subarray(id * 6, id * 6 + 6);
      if (a <= d) box.union(new Box3(new Vector3(a, b, c), new Vector3(d, e, f)));
    }
    return box;
  }

  /** Brings these elements into sight; the direction stays, unless `side` names one. */
  fit(numbers = null, side = null) {
    const { camera, controls } = this.stage;
    const box = numbers?.length ? this.boxOf(numbers) : this.batches.bounds;
    if (box.isEmpty()) return;
    const direction = side ? new Vector3(...SIDES[side]).normalize() : camera.position.clone().sub(controls.target).normalize();
    const centre = box.getCenter(controls.target).clone();
    camera.position.copy(centre).add(direction);
    camera.lookAt(centre);
    const away = Math.max(0.8, this.distance(box, centre) * ({ 0: 1.05, 1: 2.2 }[numbers?.length ?? 0] ?? 1.3));
    camera.position.copy(centre).addScaledVector(direction, away);
    controls.update();
    this.stage.invalidate();
  }

  /** How far from its centre the camera must stand, as it is turned now, to see the whole box. */
  distance(box, centre) {
    const { camera } = this.stage, high = Math.tan((camera.fov * Math.PI) / 360), wide = high * camera.aspect;
    const turned = camera.quaternion.clone().invert();
    let away = 0;
    for (let corner = 0; corner < 8; corner++) {
      const { x, y, z } = new Vector3(...["x", "y", "z"].map((axis, n) => box[corner & (1 << n) ? "max" : "min"][axis])).sub(centre).applyQuaternion(turned);
      away = Math.max(away, Math.abs(x) / wide + z, Math.abs(y) / high + z);
    }
    return away;
  }

  /** {kind, position, direction, up, target, fov (degrees, vertical), aspect}; figures in metres of the model. */
  get() {
    const { camera, controls } = this.stage, { origin } = this.batches;
    const direction = camera.getWorldDirection(new Vector3());
    const up = new Vector3(0, 1, 0).applyQuaternion(camera.quaternion);
    return {
      kind: "perspective", position: camera.position.clone().add(origin).toArray(), direction: direction.toArray(), up: up.toArray(),
      target: controls.target.clone().add(origin).toArray(), fov: camera.fov, aspect: camera.aspect,
    };
  }

  /** Takes what get() gives; also an orthogonal camera {kind: "orthogonal", position, direction, scale (metres of height)}. */
  set({ kind = "perspective", position, direction, target, fov, scale }) {
    const { camera, controls } = this.stage, { origin, bounds } = this.batches;
    camera.fov = Math.min(100, Math.max(10, kind === "perspective" && fov ? fov : camera.fov));
    camera.position.fromArray(position).sub(origin);
    const ahead = direction ? new Vector3(...direction).normalize() : new Vector3(...target).sub(origin).sub(camera.position).normalize();
    const depth = target ? new Vector3(...target).sub(origin).distanceTo(camera.position)
      : Math.max(1, bounds.getCenter(new Vector3()).sub(camera.position).dot(ahead));
    controls.target.copy(camera.position).addScaledVector(ahead, depth);
    if (kind === "orthogonal" && scale) {
      const away = scale / 2 / Math.tan((camera.fov * Math.PI) / 360);
      camera.position.copy(controls.target).addScaledVector(ahead, -away);
    }
    controls.update();
    this.stage.invalidate();
  }
}
