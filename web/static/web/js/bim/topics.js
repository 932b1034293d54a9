// Topics in the viewer: a form (data-pt-bim-topic) that takes along what is seen, and a viewpoint (data-pt-bim-viewpoint) shown at once.
// A view is kept as docs/API.md says: metres in the model's own coordinates, Z up, field of view in degrees.
import { showToast } from "../toast.js";
import { word } from "../words.js";
import { viewer } from "./viewer.js";

export function bind(element) {
  if (element.matches("form")) bindForm(element);
  else showViewpoint(element.dataset.ptBimViewpoint);
}

function bindForm(form) {
  form.querySelector("[data-bim-topic-hint]").hidden = false;
  let sending = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    try {
      const model = await viewer();
      if (model.stage) await takeAlong(form, model);
    } catch (error) {
      console.warn(error); // the topic goes without a view
    }
    form.submit();
  });
}

async function takeAlong(form, model) {
  form.elements.view.value = JSON.stringify(viewOf(model));
  const picture = await model.snapshot();
  if (!picture) return;
  const files = new DataTransfer();
  files.items.add(new File([picture], "snapshot.png", { type: "image/png" }));
  form.elements.snapshot.files = files.files;
}

/** What is seen now, as it is kept. */
export function viewOf(model) {
  const { camera, selection, visibility, colouring, planes } = model.viewpoint();
  const { kind, position, direction, up } = camera;
  return {
    cameras: [{ kind, position, direction, up, field_of_view: camera.fov ?? null, scale: camera.scale ?? null, aspect_ratio: camera.aspect ?? null }],
    selection,
    default_visibility: visibility.default,
    exceptions: visibility.exceptions,
    hints: { spaces: Boolean(model.spacesShown) },
    colouring: colouring.map(({ colour, guids }) => ({ colour, components: guids })),
    clipping_planes: planes.map(({ location, direction }) => ({ location, direction })),
  };
}

/** What was kept, as the viewer takes it. Without a word on visibility everything is shown. */
export function seenBy(view) {
  const guids = (components = []) => components.map((component) => component.ifc_guid).filter(Boolean);
  const exceptions = guids(view.exceptions);
  const camera = view.cameras?.[0];
  return {
    camera: camera && { ...camera, fov: camera.field_of_view, aspect: camera.aspect_ratio },
    selection: guids(view.selection),
    visibility: view.default_visibility || exceptions.length ? { default: view.default_visibility ?? false, exceptions } : undefined,
    colouring: (view.colouring ?? []).map(({ colour, components }) => ({ colour: `#${colour.slice(-6)}`, guids: guids(components) })),
    planes: view.clipping_planes ?? [],
  };
}

async function showViewpoint(address) {
  try {
    const [model, answer] = await Promise.all([viewer(), fetch(address, { headers: { accept: "application/json" } })]);
    if (!answer.ok) throw new Error(String(answer.status));
    const { view } = await answer.json();
    if (!model.stage) return;
    const seen = seenBy(view);
    model.show(seen);
    if (view.hints?.spaces) model.spaces(true);
    if (!seen.camera && seen.selection.length) model.fit(seen.selection);
  } catch (error) {
    console.warn(error);
    showToast(word("failed"), "error");
  }
}
