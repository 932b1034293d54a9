// Keeps what is seen in the address after #, so that a link shows the same: sel, cam, cut, only.
const KEPT = 40; // GlobalIds; more would make no link one can send

export class Address {
  constructor(viewer) {
    this.viewer = viewer;
    addEventListener("hashchange", () => { if (location.hash.slice(1) !== this.written) this.read(); });
  }

  read() {
    const said = new URLSearchParams(location.hash.slice(1));
    const asked = new URLSearchParams(location.search).get("select");
    const { viewer } = this;
    if (said.has("only")) viewer.isolate(said.get("only").split(","));
    if (said.has("cut")) viewer.section.state = said.get("cut");
    const camera = said.get("cam")?.split(",").map(Number);
    const chosen = said.get("sel") ?? asked;
    if (chosen) viewer.select(chosen.split(","), { fade: !said.has("sel"), fit: !camera });
    if (camera?.length === 6 && camera.every(Number.isFinite)) viewer.setCamera({ position: camera.slice(0, 3), target: camera.slice(3) });
  }

  write() {
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.writeNow(), 250);
  }

  writeNow() {
    const { viewer } = this;
    const { position, target } = viewer.camera();
    const said = [["cam", [...position, ...target].map((figure) => figure.toFixed(2)).join(",")]];
    if (viewer.section.state) said.unshift(["cut", viewer.section.state]);
    if (viewer.only && viewer.only.length <= KEPT) said.unshift(["only", viewer.only.join(",")]);
    if (viewer.selected().length && viewer.selected().length <= KEPT) said.unshift(["sel", viewer.selected().join(",")]);
    this.written = said.map(([name, value]) => `${name}=${value}`).join("&");
    history.replaceState(history.state, "", `#${this.written}`);
  }
}
