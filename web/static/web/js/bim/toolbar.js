// The buttons over the model.
export function watchToolbar(root, viewer) {
  const cuts = root.querySelector("[data-bim-section]");
  const press = (name, pressed) => root.querySelector(`[data-bim-do="${name}"]`)?.setAttribute("aria-pressed", String(pressed));
  const acts = {
    fit: () => viewer.fit(viewer.selected()),
    ...Object.fromEntries(["iso", "top", "front", "right"].map((side) => [side, () => viewer.views.fit(null, side)])),
    hide: () => { viewer.hide(viewer.selected()); viewer.select([]); },
    isolate: () => viewer.isolate(viewer.selected()),
    all: () => viewer.showAll(),
    section: () => {
      cuts.hidden = !cuts.hidden;
      root.querySelector('[data-bim-do="section"]').setAttribute("aria-expanded", String(!cuts.hidden));
      if (!cuts.hidden && !viewer.section.planes().length) viewer.section.set("z", { on: true });
    },
    uncut: () => viewer.section.clear(),
    spaces: () => press("spaces", viewer.spaces(!viewer.spacesShown)),
    picture: async () => save(await viewer.snapshot(), root.dataset.bimName || "model"),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  };
  root.querySelector('[data-bim-do="spaces"]').hidden = !viewer.hasSpaces();
  root.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-bim-do]")?.dataset.bimDo;
    if (name && viewer.stage) acts[name]();
  });
  const keys = { f: "fit", h: "hide", i: "isolate", a: "all" };
  viewer.stage?.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") viewer.select([]);
    else if (event.key === "+" || event.key === "-") viewer.zoom(event.key === "+" ? 0.8 : 1.25);
    else acts[keys[event.key]]?.();
  });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
