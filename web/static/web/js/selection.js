// Picks many rows of a table: head box for all, Shift for a range, a bar that counts. Without scripts the boxes and bar just stay.
// <form data-pt-select> holds the table, inputs [data-pt-select-row], [data-pt-select-all], and the bar [data-pt-select-bar].
export function bind(root) {
  const boxes = () => [...root.querySelectorAll("[data-pt-select-row]:not(:disabled)")];
  const all = root.querySelector("[data-pt-select-all]");
  const bar = root.querySelector("[data-pt-select-bar]");
  const count = root.querySelector("[data-pt-select-count]");
  let last = null;

  function refresh() {
    const every = boxes();
    const chosen = every.filter((box) => box.checked);
    for (const box of every) box.closest("tr").classList.toggle("is-selected", box.checked);
    if (all) {
      all.checked = every.length > 0 && chosen.length === every.length;
      all.indeterminate = chosen.length > 0 && chosen.length < every.length;
    }
    if (bar) bar.hidden = chosen.length === 0;
    if (count) count.textContent = chosen.length;
  }

  root.addEventListener("click", (event) => {
    const box = event.target.closest("[data-pt-select-row]");
    if (!box) return;
    const every = boxes();
    if (event.shiftKey && last && every.includes(last)) {
      const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
      for (const between of every.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
  });
  root.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    refresh();
  });
  refresh();
}
