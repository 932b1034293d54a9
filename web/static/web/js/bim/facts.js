// What tree.json says, made easy to ask: elements, storeys and rooms, classes; and the two trees over them.
export class Facts {
  /** `answer` as bim/viewing.py writes it. */
  constructor(answer, words) {
    this.words = words;
    this.classes = answer.classes;
    this.nodes = answer.nodes.map(([guid, classAt, name, parent, elevation]) => ({ guid, class: this.classes[classAt], name, parent, elevation, children: [], elements: [] }));
    this.elements = answer.elements.map(([guid, classAt, nodeAt, typeAt, name, tag]) => ({ guid, class: this.classes[classAt], node: nodeAt, type: answer.types[typeAt] ?? "", name, tag }));
    this.byGuid = new Map([...this.nodes, ...this.elements].map((one) => [one.guid, one]));
    this.roots = [];
    for (const node of this.nodes) (node.parent < 0 ? this.roots : this.nodes[node.parent].children).push(node);
    this.loose = [];
    for (const element of this.elements) (element.node < 0 ? this.loose : this.nodes[element.node].elements).push(element);
  }

  guidsOfClass(names) {
    const wanted = new Set(names);
    return [...this.nodes, ...this.elements].filter((one) => wanted.has(one.class[0])).map(({ guid }) => guid);
  }

  label(one) {
    return one.name || one.type || one.class[1];
  }

  /** Tree by place: sites, buildings, storeys and rooms, in each the elements by class. */
  byPlace() {
    const loose = this.loose.length ? [this.group("loose", this.words("noPlace"), this.loose, (list) => this.byClassOf("loose", list))] : [];
    return [...this.roots.map((node) => this.place(node)), ...loose];
  }

  place(node) {
    const height = node.elevation === null ? "" : `${node.elevation >= 0 ? "+" : ""}${node.elevation.toFixed(2)} m`;
    return {
      key: node.guid, guid: node.guid, label: this.label(node), note: [node.class[1], height].filter(Boolean).join(" "), guids: () => this.under(node),
      children: () => [...node.children.map((child) => this.place(child)), ...this.byClassOf(node.guid, node.elements)],
      open: node.class[0] !== "IfcSpace" && node.class[0] !== "IfcBuildingStorey",
    };
  }

  under(node) {
    return [node.guid, ...node.elements.map(({ guid }) => guid), ...node.children.flatMap((child) => this.under(child))];
  }

  byClassOf(prefix, elements) {
    return [...grouped(elements)]
      .sort(([a], [b]) => a[1].localeCompare(b[1], "zh"))
      .map(([kind, list]) => this.group(`${prefix}/${kind[0]}`, kind[1], list, (all) => all.map((one) => this.leaf(one))));
  }

  /** Tree by class: in each the types, in each the elements. */
  byClass() {
    return this.byClassOf("", this.elements).map((group) => ({
      ...group, children: () => {
        const types = [...grouped(group.list, (one) => one.type)];
        if (types.length < 2) return group.list.map((one) => this.leaf(one));
        return types.sort(([a], [b]) => a.localeCompare(b, "zh")).map(([type, list]) =>
          this.group(`${group.key}/${type}`, type || this.words("noType"), list, (all) => all.map((one) => this.leaf(one))));
      },
    }));
  }

  /** The keys above an element and its own, in both trees. */
  pathOf(guid) {
    const one = this.byGuid.get(guid);
    if (!one) return [];
    if (one.children) return this.above(one).map((node) => node.guid);
    const kind = one.class[0], node = this.nodes[one.node];
    return node ? [...this.above(node).map((above) => above.guid), `${node.guid}/${kind}`, guid] : ["loose", `loose/${kind}`, guid];
  }

  classPathOf(guid) {
    const one = this.byGuid.get(guid);
    return one && !one.children ? [`/${one.class[0]}`, `/${one.class[0]}/${one.type}`, guid] : [];
  }

  above(node) {
    return node.parent < 0 ? [node] : [...this.above(this.nodes[node.parent]), node];
  }

  group(key, label, list, children) {
    return { key, label, list, count: list.length, guids: () => list.map(({ guid }) => guid), children: () => children(list) };
  }

  leaf(one) {
    return { key: one.guid, guid: one.guid, label: this.label(one), note: one.tag, guids: () => [one.guid] };
  }

  /** Elements and rooms whose name, type, tag, class or GlobalId holds every word of the text. */
  search(text) {
    const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    return [...this.elements, ...this.nodes].filter((one) => {
      const said = `${one.name}\n${one.type ?? ""}\n${one.tag ?? ""}\n${one.class.join("\n")}\n${one.guid}`.toLowerCase();
      return wanted.every((word) => said.includes(word));
    });
  }
}

function grouped(list, key = (one) => one.class) {
  const groups = new Map();
  for (const one of list) {
    if (!groups.has(key(one))) groups.set(key(one), []);
    groups.get(key(one)).push(one);
  }
  return groups;
}
