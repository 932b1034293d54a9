// Which element lies under a point of the canvas: one pixel is drawn with element numbers for colours.
import { Color, WebGLRenderTarget } from "../../vendor/three/three.mjs";

const STILL = 5; // px a finger or mouse may move and still have clicked

export class Picker {
  constructor(stage, materials) {
    this.stage = stage;
    this.material = materials.picking;
    this.target = new WebGLRenderTarget(1, 1);
  }

  /** The element's number, or null for the empty ground. `x`, `y` in CSS pixels from the canvas's corner. */
  at(x, y) {
    const { renderer, scene, camera } = this.stage;
    const { width, height } = this.stage.size();
    const { background } = scene;
    camera.setViewOffset(width, height, x, y, 1, 1);
    camera.updateProjectionMatrix();
    scene.background = null;
    scene.overrideMaterial = this.material;
    const before = { colour: renderer.getClearColor(new Color()), alpha: renderer.getClearAlpha() };
    renderer.setClearColor(0x000000, 0);
    renderer.setRenderTarget(this.target);
    renderer.render(scene, camera);
    const pixel = new Uint8Array(4);
    renderer.readRenderTargetPixels(this.target, 0, 0, 1, 1, pixel);
    renderer.setRenderTarget(null);
    renderer.setClearColor(before.colour, before.alpha);
    scene.overrideMaterial = null;
    scene.background = background;
    camera.clearViewOffset();
    camera.updateProjectionMatrix();
    const number = pixel[0] + pixel[1] * 256 + pixel[2] * 65536;
    return number ? number - 1 : null;
  }

  /** Calls `on(number or null, event)` for clicks that are no drags. */
  watch(on, onTwice) {
    const { canvas } = this.stage;
    let pressed = null;
    canvas.addEventListener("pointerdown", (event) => { pressed = event.isPrimary && event.button === 0 ? event : null; });
    canvas.addEventListener("pointerup", (event) => {
      if (!pressed || Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) > STILL) return;
      on(this.under(event), event);
    });
    canvas.addEventListener("dblclick", (event) => onTwice(this.under(event), event));
  }

  under(event) {
    const box = this.stage.canvas.getBoundingClientRect();
    return this.at(event.clientX - box.left, event.clientY - box.top);
  }
}
