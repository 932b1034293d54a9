// Lets a person hide columns of a table and remembers it on this computer. <table id="inbox" data-pt-columns> with
// <th data-pt-column="due">; the choice appears in the <details data-pt-columns-for="inbox"> on the page (hidden without scripts).
export function bind(table) {
  const chooser = document.querySelector(`[data-pt-columns-for="${table.id}"]`);
  const panel = chooser?.querySelector("[data-pt-columns-list]");
  if (!panel) return;
  const key = `pt-columns-${table.id}`;
  const hidden = new Set(read(key));
  const heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.ptColumn);
  chooser.hidden = false;
  panel.replaceChildren(...heads.map((head) => choice(head, hidden, () => { write(key, [...hidden]); apply(); })));
  const apply = () => {
    for (const head of heads) {
      for (const row of table.rows) {
        const cell = row.cells[head.cellIndex];
        if (cell && row.cells.length === table.tHead.rows[0].cells.length) cell.hidden = hidden.has(head.dataset.ptColumn);
      }
    }
  };
  apply();
}

function choice(head, hidden, changed) {
  const label = document.createElement("label");
  label.className = "check";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !hidden.has(head.dataset.ptColumn);
  box.addEventListener("change", () => {
    if (box.checked) hidden.delete(head.dataset.ptColumn);
    else hidden.add(head.dataset.ptColumn);
    changed();
  });
  label.append(box, head.textContent.trim());
  return label;
}

function read(key) {
  try { return JSON.parse(localStorage.getItem(key)) ?? []; } catch { return []; }
}

function write(key, value) {
  try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private windows remember nothing */ }
}
