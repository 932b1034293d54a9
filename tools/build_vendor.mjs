// Builds web/static/web/vendor from the packages pinned in package.json.
// Run once after changing a pin: npm install --no-package-lock && npm run build:vendor
// NODE_MODULES names another place for the packages.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = resolve(process.env.NODE_MODULES ?? join(root, "node_modules"));
const vendor = join(root, "web/static/web/vendor");
const { buildSync } = createRequire(join(modules, "_"))("esbuild");

const versionOf = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"))).version;
const licenceText = (paths) => paths.map((path) => readFileSync(join(modules, path), "utf8")).join("\n\n----\n\n");

function bundle(source, outfile) {
  buildSync({
    stdin: { contents: source, resolveDir: dirname(modules), loader: "js" },
    nodePaths: [modules], outfile, bundle: true, minify: true, format: "esm", platform: "browser",
    target: ["chrome96", "firefox102", "safari15"], legalComments: "none", absWorkingDir: dirname(modules),
  });
}

const packages = {
  echarts: {
    licence: "Apache-2.0", licences: ["echarts/LICENSE", "echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt"],
    build: (folder) => bundle(`
      import * as core from "echarts/core";
      import { BarChart, LineChart, PieChart } from "echarts/charts";
      import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
      import { SVGRenderer } from "echarts/renderers";
      import { LabelLayout } from "echarts/features";
      import ZH from "echarts/i18n/langZH-obj.js";
      import EN from "echarts/i18n/langEN-obj.js";
      core.use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer, LabelLayout]);
      core.registerLocale("ZH", ZH);
      core.registerLocale("EN", EN);
      export const init = core.init;
    `, join(folder, "echarts.mjs")),
  },
  "tus-js-client": {
    licence: "MIT", licences: ["tus-js-client/LICENSE", "js-base64/LICENSE.md", "url-parse/LICENSE", "querystringify/LICENSE", "requires-port/LICENSE"],
    build: (folder) => bundle(`export { Upload, isSupported } from "tus-js-client/lib.esm/browser/index.js";`, join(folder, "tus.mjs")),
  },
  "pdfjs-dist": {
    licence: "Apache-2.0",
    licences: ["pdfjs-dist/LICENSE", "pdfjs-dist/standard_fonts/LICENSE_FOXIT", "pdfjs-dist/standard_fonts/LICENSE_LIBERATION", "pdfjs-dist/wasm/LICENSE_OPENJPEG", "pdfjs-dist/wasm/LICENSE_PDFJS_OPENJPEG"],
    build: (folder) => {
      const from = join(modules, "pdfjs-dist");
      cpSync(join(from, "legacy/build/pdf.min.mjs"), join(folder, "pdf.mjs"));
      cpSync(join(from, "legacy/build/pdf.worker.min.mjs"), join(folder, "pdf.worker.mjs"));
      cpSync(join(from, "wasm/openjpeg_nowasm_fallback.js"), join(folder, "wasm/openjpeg_nowasm_fallback.js"));
      const chinese = /(GB|CNS|B5|HKSCS|HKdl|ETen|ETHK)/;
      for (const name of readdirSync(join(from, "cmaps")).filter((name) => chinese.test(name)))
        cpSync(join(from, "cmaps", name), join(folder, "cmaps", name));
      for (const name of readdirSync(join(from, "standard_fonts")).filter((name) => !name.startsWith("LICENSE")))
        cpSync(join(from, "standard_fonts", name), join(folder, "standard_fonts", name));
    },
  },
  three: {
    licence: "MIT", licences: ["three/LICENSE"],
    build: (folder) => bundle(`
      export {
        Box3, BufferAttribute, BufferGeometry, Color, DataTexture, DirectionalLight, DoubleSide, HemisphereLight,
        InstancedBufferAttribute, InstancedMesh, LineBasicMaterial, LineSegments, Matrix4, Mesh, MeshLambertMaterial,
        NoBlending, PerspectiveCamera, Plane, Scene, ShaderMaterial, Vector2, Vector3, WebGLRenderTarget,
        WebGLRenderer,
      } from "three";
      export { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
    `, join(folder, "three.mjs")),
  },
};

function filesUnder(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

const manifest = [];
for (const [name, { licence, licences, build }] of Object.entries(packages)) {
  const folder = join(vendor, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  build(folder);
  writeFileSync(join(folder, "VERSION"), `${versionOf(name)}\n`);
  writeFileSync(join(folder, "LICENSE"), licenceText(licences));
  const files = filesUnder(folder).map((path) => [
    relative(folder, path), createHash("sha256").update(readFileSync(path)).digest("hex"),
  ]);
  manifest.push({ name, version: versionOf(name), licence, sha256: Object.fromEntries(files) });
}
writeFileSync(join(vendor, "manifest.json"), `${JSON.stringify(manifest, null, 1)}\n`);
