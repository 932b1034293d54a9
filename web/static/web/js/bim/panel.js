// What is known of the selected element: a fragment from the server; of several, a list to choose from.
const LISTED = 40;

export class Panel {
  constructor(root, facts, words, viewer) {
    Object.assign(this, { facts, words, viewer, box: root.querySelector("[data-bim-panel]"), address: root.dataset.bimElement });
    this.empty = [...this.box.childNodes];
    this.box.addEventListener("click", (event) => {
      const guid = event.target.closest("[data-bim-guid]")?.dataset.bimGuid;
      if (!guid || event.ctrlKey || event.metaKey) return;
      event.preventDefault(); // without scripts it is a link to the element's page
      viewer.select([guid], { fit: true, from: "panel" });
    });
  }

  async show(guids) {
    this.asked?.abort();
    if (!guids.length) return this.box.replaceChildren(...this.empty);
    if (guids.length > 1) return this.several(guids);
    this.asked = new AbortController();
    const address = this.address.replace("/_/", () => `/${encodeURIComponent(guids[0])}/`);
    this.box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${address}?part=panel`, { signal: this.asked.signal, headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fragment = document.createElement("template");
      fragment.innerHTML = await answer.text();
      this.box.replaceChildren(fragment.content);
      this.box.scrollTop = 0;
    } catch (error) {
      if (error.name !== "AbortError") this.box.replaceChildren(text("p", this.words("noFacts"), "bim-hint"));
    } finally {
      this.box.removeAttribute("aria-busy");
    }
  }

  several(guids) {
    const list = document.createElement("ul");
    list.className = "bim-chosen";
    for (const guid of guids.slice(0, LISTED)) {
      const one = this.facts?.byGuid.get(guid);
      const row = document.createElement("li");
      const button = text("button", one ? this.facts.label(one) : guid, "button button-quiet button-small");
      button.type = "button";
      button.dataset.bimGuid = guid;
      row.append(button);
      if (one) row.append(text("span", one.class[1], "faint"));
      list.append(row);
    }
    const rest = guids.length > LISTED ? [text("p", this.words("andMore", guids.length - LISTED), "faint small")] : [];
    this.box.replaceChildren(text("h3", this.words("chosen", guids.length)), list, ...rest);
  }
}

function text(tag, words, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}
