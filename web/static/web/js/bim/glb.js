// Reads a binary glTF 2.0 into plain arrays: every mesh once, and where it is used (GlobalId, matrix). Metres, Z up, as in IFC.
// Understands what a converter of building models writes: plain nodes, shared meshes, quantised attributes. No textures.
import { Matrix4 } from "../../vendor/three/three.mjs";

const ARRAYS = { 5120: Int8Array, 5121: Uint8Array, 5122: Int16Array, 5123: Uint16Array, 5125: Uint32Array, 5126: Float32Array };
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4 };
const RANGES = { 5120: 127, 5121: 255, 5122: 32767, 5123: 65535 };
const Z_UP = new Matrix4().set(1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1);
const GLB = 0x46546c67, JSON_CHUNK = 0x4e4f534a, BINARY_CHUNK = 0x004e4942;
const TRIANGLES = 4, LINES = 1, LINE_STRIP = 3;

/** {meshes: [[primitive]], uses: [{guid, mesh, matrix}], offset}; a primitive is {kind, positions, indices, colour (light, not sRGB)}.
 *  `offset` [x, y, z] was taken off every coordinate when the file was written (bim/ifc/glb.py). */
export function readGlb(buffer) {
  const { gltf, bytes } = chunksOf(buffer);
  const read = (index) => accessor(gltf, bytes, index);
  const meshes = (gltf.meshes ?? []).map((mesh) => mesh.primitives.map((part) => primitive(gltf, read, part)).filter(Boolean));
  const uses = [];
  const scene = gltf.scenes?.[gltf.scene ?? 0];
  for (const index of scene?.nodes ?? []) walk(gltf, index, Z_UP, "", uses);
  return { meshes, uses, offset: gltf.nodes?.[scene?.nodes?.[0]]?.extras?.offset ?? [0, 0, 0] };
}

function chunksOf(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < 20 || view.getUint32(0, true) !== GLB) throw new Error("not a binary glTF");
  let gltf = null, bytes = new Uint8Array();
  for (let at = 12; at + 8 <= buffer.byteLength;) {
    const length = view.getUint32(at, true), kind = view.getUint32(at + 4, true);
    const chunk = new Uint8Array(buffer, at + 8, length);
    if (kind === JSON_CHUNK) gltf = JSON.parse(new TextDecoder().decode(chunk));
    if (kind === BINARY_CHUNK) bytes = chunk;
    at += 8 + length;
  }
  return { gltf, bytes };
}

function accessor(gltf, bytes, index) {
  const { componentType, type, count, normalized, bufferView, byteOffset = 0 } = gltf.accessors[index];
  const Kind = ARRAYS[componentType], width = WIDTHS[type];
  const view = gltf.bufferViews[bufferView];
  const start = bytes.byteOffset + (view.byteOffset ?? 0) + byteOffset;
  const stride = (view.byteStride ?? 0) / Kind.BYTES_PER_ELEMENT || width;
  const length = count ? (count - 1) * stride + width : 0;
  const whole = start % Kind.BYTES_PER_ELEMENT === 0
    ? new Kind(bytes.buffer, start, length)
    : new Kind(bytes.buffer.slice(start, start + length * Kind.BYTES_PER_ELEMENT));
  const scale = normalized ? 1 / RANGES[componentType] : 1;
  if (stride === width && scale === 1) return whole;
  const packed = scale === 1 ? new Kind(count * width) : new Float32Array(count * width);
  for (let row = 0; row < count; row++)
    for (let column = 0; column < width; column++) packed[row * width + column] = whole[row * stride + column] * scale;
  return packed;
}

function primitive(gltf, read, part) {
  const mode = part.mode ?? TRIANGLES;
  if (![TRIANGLES, LINES, LINE_STRIP].includes(mode) || part.attributes.POSITION === undefined) return null;
  const positions = read(part.attributes.POSITION);
  const indices = part.indices === undefined ? Uint32Array.from({ length: positions.length / 3 }, (_, n) => n) : read(part.indices);
  const colour = gltf.materials?.[part.material]?.pbrMetallicRoughness?.baseColorFactor ?? [0.75, 0.75, 0.75, 1];
  if (mode === TRIANGLES) return { kind: "triangles", positions, indices, colour };
  return { kind: "lines", positions, indices: mode === LINES ? indices : pairs(indices), colour };
}

function pairs(strip) {
  const lines = new Uint32Array(Math.max(0, strip.length - 1) * 2);
  for (let n = 0; n + 1 < strip.length; n++) lines.set([strip[n], strip[n + 1]], n * 2);
  return lines;
}

/** A node without a GlobalId of its own belongs to the element above it. */
function walk(gltf, index, above, inherited, uses) {
  const node = gltf.nodes[index];
  const guid = node.extras?.guid ?? inherited;
  const matrix = new Matrix4().multiplyMatrices(above, ownMatrix(node));
  if (node.mesh !== undefined && guid) uses.push({ guid, mesh: node.mesh, matrix });
  for (const child of node.children ?? []) walk(gltf, child, matrix, guid, uses);
}

function ownMatrix({ matrix, translation: t = [0, 0, 0], rotation: [x, y, z, w] = [0, 0, 0, 1], scale: s = [1, 1, 1] }) {
  if (matrix) return new Matrix4().fromArray(matrix);
  return new Matrix4().set(
    (1 - 2 * (y * y + z * z)) * s[0], 2 * (x * y - w * z) * s[1], 2 * (x * z + w * y) * s[2], t[0],
    2 * (x * y + w * z) * s[0], (1 - 2 * (x * x + z * z)) * s[1], 2 * (y * z - w * x) * s[2], t[1],
    2 * (x * z - w * y) * s[0], 2 * (y * z + w * x) * s[1], (1 - 2 * (x * x + y * y)) * s[2], t[2],
    0, 0, 0, 1,
  );
}
