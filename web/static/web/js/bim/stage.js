// Canvas, light, camera and controls. Draws only when something changed.
import { Color, DirectionalLight, HemisphereLight, PerspectiveCamera, Scene, Vector2, Vector3, WebGLRenderer, OrbitControls } from "../../vendor/three/three.mjs";

const SLOW = 60; // ms a frame; slower machines draw fewer pixels while the model turns

export class Stage {
  /** Throws where the browser has no WebGL 2. */
  constructor(canvas) {
    this.canvas = canvas;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(45, 1, 0.1, 1000);
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.zoomToCursor = true;
    this.controls.listenToKeyEvents(canvas);
    this.radius = 1;
    this.middle = new Vector3();
    this.light();
    this.moving = false;
    this.controls.addEventListener("change", () => this.invalidate());
    this.controls.addEventListener("start", () => { this.moving = true; });
    this.controls.addEventListener("end", () => { this.moving = false; this.sharpen(); this.onRest?.(); });
    canvas.addEventListener("wheel", () => { clearTimeout(this.resting); this.resting = setTimeout(() => this.onRest?.(), 300); }, { passive: true });
    canvas.addEventListener("webglcontextrestored", () => this.invalidate());
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.ground());
    this.ground();
    this.resize();
  }

  light() {
    this.scene.add(new HemisphereLight(0xffffff, 0x98a1ab, 2.0));
    this.lamp = new DirectionalLight(0xffffff, 2.4);
    this.scene.add(this.lamp, this.lamp.target);
  }

  ground() {
    const colour = getComputedStyle(this.canvas).getPropertyValue("--bim-ground").trim() || "#eef1f5";
    this.scene.background = new Color(colour);
    this.invalidate();
  }

  /** `bounds`: Box3 of everything, in the scene's coordinates. */
  holds(bounds) {
    bounds.getCenter(this.middle);
    this.radius = Math.max(0.5, bounds.getSize(new Vector3()).length() / 2);
    this.controls.maxDistance = this.radius * 12;
    this.controls.minDistance = this.radius / 2000;
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.sharpness());
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.invalidate();
  }

  sharpness() {
    const full = Math.min(devicePixelRatio || 1, 2);
    return this.coarse ? Math.min(1, full) / 2 : full;
  }

  sharpen() {
    if (!this.coarse) return;
    this.coarse = false;
    this.resize();
  }

  invalidate() {
    this.frame ??= requestAnimationFrame(() => { this.frame = null; this.draw(); });
  }

  draw() {
    const began = performance.now();
    const far = this.camera.position.distanceTo(this.middle);
    this.camera.near = Math.max(this.radius / 1500, far - this.radius * 1.05);
    this.camera.far = far + this.radius * 1.1;
    this.camera.updateProjectionMatrix();
    // From over the shoulder, so that two walls of a corner differ.
    const side = new Vector3(0.7, 0.5, 0).applyQuaternion(this.camera.quaternion).multiplyScalar(this.camera.position.distanceTo(this.controls.target));
    this.lamp.position.copy(this.camera.position).add(side);
    this.lamp.target.position.copy(this.controls.target);
    this.renderer.render(this.scene, this.camera);
    if (this.moving && !this.coarse && performance.now() - began > SLOW) { this.coarse = true; this.resize(); }
  }

  size() {
    return this.renderer.getSize(new Vector2());
  }

  /** The picture as it is now, as a PNG blob. */
  snapshot() {
    this.sharpen();
    this.draw();
    return new Promise((resolve) => this.canvas.toBlob(resolve, "image/png"));
  }
}
