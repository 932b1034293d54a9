// The materials of merged elements. Each vertex knows its element's number; a small texture says how that element looks now.
import { DoubleSide, LineBasicMaterial, MeshLambertMaterial, NoBlending, ShaderMaterial } from "../../vendor/three/three.mjs";

// What the fourth byte of an element's texel means.
export const HIDDEN = 0, GHOST = 64, COLOURED = 160, AS_BUILT = 255;

const LOOK_UP = `
attribute float objectId;
uniform highp sampler2D looks;
vec4 lookOf(float id) { int n = int(id + 0.5); int w = textureSize(looks, 0).x; return texelFetch(looks, ivec2(n % w, n / w), 0); }
`;
const AWAY = "gl_Position = vec4(2.0, 2.0, 2.0, 1.0);"; // outside of what is drawn

/** `looks` is the DataTexture of look.js; it may be exchanged later through `uniform.value`. */
export function materialsFor(looks) {
  const uniform = { value: looks };
  const made = new Map();
  return {
    uniform,
    of(kind, clear) {
      const key = `${kind} ${clear}`;
      if (!made.has(key)) made.set(key, shown(kind, clear, uniform));
      return made.get(key);
    },
    picking: picking(uniform),
    dispose() { for (const material of [...made.values(), this.picking]) material.dispose(); },
  };
}

function shown(kind, clear, uniform) {
  const options = { vertexColors: true, transparent: clear, depthWrite: !clear, forceSinglePass: true };
  // The facets' own normals: right for every solid, also for those whose faces look the wrong way, and nothing to load.
  const material = kind === "lines" ? new LineBasicMaterial(options) : new MeshLambertMaterial({ ...options, flatShading: true, side: DoubleSide });
  material.onBeforeCompile = (shader) => {
    shader.uniforms.looks = uniform;
    shader.vertexShader = `${LOOK_UP} flat varying vec4 look;\n${shader.vertexShader}`
      .replace("#include <clipping_planes_vertex>", `#include <clipping_planes_vertex>
        look = lookOf(objectId);
        if (look.a < 0.1) ${AWAY}`);
    shader.fragmentShader = `flat varying vec4 look;\n${shader.fragmentShader}`
      .replace("#include <color_fragment>", `#include <color_fragment>
        diffuseColor.rgb *= diffuseColor.rgb; // batches.js keeps the root
        if (look.a < 0.4) {
          if ((int(gl_FragCoord.x) + 2 * int(gl_FragCoord.y)) % 5 != 0) discard;
          diffuseColor.rgb = mix(diffuseColor.rgb, vec3(0.6), 0.8);
        } else if (look.a < 0.8) {
          diffuseColor.rgb = pow(look.rgb, vec3(2.2));
          diffuseColor.a = max(diffuseColor.a, 0.75);
        }`);
  };
  material.customProgramCacheKey = () => `bim ${kind}`;
  return material;
}

/** Draws element numbers instead of colours, plus one, so that 0 is the empty ground. Hidden and faded elements let through. */
function picking(uniform) {
  return new ShaderMaterial({
    uniforms: { looks: uniform }, side: DoubleSide, blending: NoBlending, clipping: true,
    vertexShader: `${LOOK_UP}
      #include <common>
      #include <clipping_planes_pars_vertex>
      flat varying float number;
      void main() {
        #include <begin_vertex>
        #include <project_vertex>
        #include <clipping_planes_vertex>
        number = objectId + 1.0;
        if (lookOf(objectId).a < 0.4) ${AWAY}
      }`,
    fragmentShader: `
      #include <clipping_planes_pars_fragment>
      flat varying float number;
      void main() {
        #include <clipping_planes_fragment>
        float n = floor(number + 0.5);
        gl_FragColor = vec4(mod(n, 256.0), mod(floor(n / 256.0), 256.0), floor(n / 65536.0), 255.0) / 255.0;
      }`,
  });
}
