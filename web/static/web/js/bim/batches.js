// Turns thousands of elements into a handful of draw calls: everything is merged into a few buffers in which each vertex
// knows its element's number; only large shapes that repeat often are drawn as instances instead.
import { Box3, BufferAttribute, BufferGeometry, InstancedBufferAttribute, InstancedMesh, LineSegments, Matrix4, Mesh, Vector3 } from "../../vendor/three/three.mjs";

const CHUNK = 1_500_000; // vertices of one merged buffer
const REPEATED = { uses: 12, vertices: 60_000, shapes: 40 };
const OPAQUE = 0.98;

/** {guids, ids: Map guid → number, boxes: 6 floats each, origin, bounds, objects: [Mesh]}; coordinates count from `origin` (metres of the model). */
export function batchesOf({ meshes, uses, offset }, materials) {
  const ids = new Map();
  for (const { guid } of uses) if (!ids.has(guid)) ids.set(guid, ids.size);
  const whole = meshes.map((parts) => parts.map(({ positions }) => boxOf(positions)));
  const middle = centreOf(uses, whole);
  const boxes = new Float32Array(ids.size * 6).map((_, n) => (n % 6 < 3 ? Infinity : -Infinity));
  const bounds = new Box3();
  const shifted = new Matrix4().makeTranslation(-middle.x, -middle.y, -middle.z);
  const placed = uses.map((use) => ({ id: ids.get(use.guid), mesh: use.mesh, matrix: shifted.clone().multiply(use.matrix) }));
  for (const { id, mesh, matrix } of placed)
    for (const local of whole[mesh]) enlarge(boxes, id, local.clone().applyMatrix4(matrix), bounds);
  const repeated = repeatedMeshes(meshes, placed);
  const objects = [];
  for (const [mesh, places] of repeated)
    for (const part of meshes[mesh]) objects.push(instances(part, places, materials));
  const single = placed.filter(({ mesh }) => !repeated.has(mesh));
  for (const kind of ["triangles", "lines"])
    for (const clear of [false, true]) objects.push(...merged(meshes, single, kind, clear, materials));
  return { guids: [...ids.keys()], ids, boxes, origin: middle.add(new Vector3(...offset)), bounds, objects };
}

const isClear = (part) => part.colour[3] < OPAQUE;

function boxOf(positions) {
  const box = new Box3(), point = new Vector3();
  for (let n = 0; n < positions.length; n += 3) box.expandByPoint(point.set(positions[n], positions[n + 1], positions[n + 2]));
  return box;
}

/** Models may lie hundreds of kilometres from zero, where 32-bit figures are too coarse: all is counted from their middle. */
function centreOf(uses, whole) {
  const all = new Box3();
  for (const { mesh, matrix } of uses) for (const local of whole[mesh]) if (!local.isEmpty()) all.union(local.clone().applyMatrix4(matrix));
  return all.isEmpty() ? new Vector3() : all.getCenter(new Vector3()).round();
}

function enlarge(boxes, id, { min, max }, bounds) {
  if (min.x > max.x) return;
  bounds.expandByPoint(min).expandByPoint(max);
  for (const [n, axis] of ["x", "y", "z"].entries()) {
    boxes[id * 6 + n] = Math.min(boxes[id * 6 + n], min[axis]);
    boxes[id * 6 + 3 + n] = Math.max(boxes[id * 6 + 3 + n], max[axis]);
  }
}

/** Map mesh → its places, for the shapes whose copies would take the most room. */
function repeatedMeshes(meshes, placed) {
  const places = new Map();
  for (const place of placed) {
    if (!places.has(place.mesh)) places.set(place.mesh, []);
    places.get(place.mesh).push(place);
  }
  const vertices = (mesh) => meshes[mesh].reduce((sum, { positions }) => sum + positions.length / 3, 0);
  const heavy = [...places].map(([mesh, list]) => ({ mesh, list, total: vertices(mesh) * list.length }))
    .filter(({ list, total }) => list.length >= REPEATED.uses && total >= REPEATED.vertices);
  heavy.sort((a, b) => b.total - a.total);
  return new Map(heavy.slice(0, REPEATED.shapes).map(({ mesh, list }) => [mesh, list]));
}

/** Light as bytes: its square root, which the shader squares, or dark tones would fall into one. */
function bytes([red, green, blue, opacity]) {
  const byte = (part) => Math.round(Math.min(1, Math.max(0, part)) * 255);
  return [...[red, green, blue].map((part) => byte(Math.sqrt(part))), byte(opacity)];
}

function instances({ kind, positions, indices, colour }, places, materials) {
  const geometry = new BufferGeometry();
  const flat = positions instanceof Float32Array ? positions : Float32Array.from(positions);
  geometry.setAttribute("position", new BufferAttribute(flat, 3));
  geometry.setIndex(new BufferAttribute(Uint32Array.from(indices), 1));
  const colours = new Uint8Array(places.length * 4);
  const tint = bytes(colour);
  for (let n = 0; n < places.length; n++) colours.set(tint, n * 4);
  geometry.setAttribute("color", new InstancedBufferAttribute(colours, 4, true));
  geometry.setAttribute("objectId", new InstancedBufferAttribute(Float32Array.from(places, ({ id }) => id), 1));
  const object = new InstancedMesh(geometry, materials.of(kind, isClear({ colour })), places.length);
  object.isLineSegments = kind === "lines";
  for (const [n, { matrix }] of places.entries()) object.setMatrixAt(n, matrix);
  object.frustumCulled = false;
  return object;
}

function merged(meshes, placed, kind, clear, materials) {
  const chunks = [];
  let chunk = null;
  for (const { id, mesh, matrix } of placed) {
    for (const part of meshes[mesh]) {
      if (part.kind !== kind || isClear(part) !== clear) continue;
      const vertices = part.positions.length / 3;
      if (!chunk || chunk.vertices + vertices > CHUNK) chunks.push((chunk = { vertices: 0, corners: 0, parts: [] }));
      chunk.parts.push({ id, part, matrix });
      chunk.vertices += vertices;
      chunk.corners += part.indices.length;
    }
  }
  return chunks.map((one) => oneBuffer(one, kind, materials.of(kind, clear)));
}

function oneBuffer({ vertices, corners, parts }, kind, material) {
  const position = new Float32Array(vertices * 3), colour = new Uint8Array(vertices * 4), owner = new Float32Array(vertices);
  const index = new Uint32Array(corners);
  let vertex = 0, corner = 0;
  for (const { id, part, matrix: { elements: m } } of parts) {
    const { positions: p, indices } = part;
    const tint = bytes(part.colour);
    for (let n = 0; n < indices.length; n++) index[corner++] = vertex + indices[n];
    for (let n = 0; n < p.length; n += 3, vertex++) {
      const x = p[n], y = p[n + 1], z = p[n + 2], at = vertex * 3;
      position[at] = m[0] * x + m[4] * y + m[8] * z + m[12];
      position[at + 1] = m[1] * x + m[5] * y + m[9] * z + m[13];
      position[at + 2] = m[2] * x + m[6] * y + m[10] * z + m[14];
      colour.set(tint, vertex * 4);
      owner[vertex] = id;
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(position, 3));
  geometry.setAttribute("color", new BufferAttribute(colour, 4, true));
  geometry.setAttribute("objectId", new BufferAttribute(owner, 1));
  geometry.setIndex(new BufferAttribute(index, 1));
  const object = kind === "lines" ? new LineSegments(geometry, material) : new Mesh(geometry, material);
  object.frustumCulled = false;
  return object;
}
