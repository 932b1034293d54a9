// Arrow keys, Enter and Home/End move between the cells of an editable grid; Tab goes on as the browser does it.

export function cellsOf(table) {
  return [...table.tBodies].flatMap((body) => [...body.rows])
    .map((row) => [...row.querySelectorAll("td > input:not([type=hidden]), td > textarea, td > select")])
    .filter((cells) => cells.length);
}

export function placeOf(matrix, input) {
  for (const [y, cells] of matrix.entries()) {
    const x = cells.indexOf(input);
    if (x >= 0) return { x, y };
  }
  return null;
}

function atEdge(input, side) {
  if (!("selectionStart" in input) || input.selectionStart === null) return true;
  if (input.selectionStart !== input.selectionEnd) return input.selectionStart === 0 && input.selectionEnd === input.value.length;
  return side < 0 ? input.selectionStart === 0 : input.selectionStart === input.value.length;
}

/** The cell in the same column, even when rows have different numbers of cells. */
function below(matrix, { x, y }, step, input) {
  const column = input.closest("td").cellIndex;
  for (let row = y + step; row >= 0 && row < matrix.length; row += step) {
    const same = matrix[row].find((cell) => cell.closest("td").cellIndex === column);
    if (same) return same;
  }
  return null;
}

export function bindKeys({ table }) {
  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const matrix = cellsOf(table);
    const place = placeOf(matrix, event.target);
    if (!place) return;
    const flat = matrix.flat();
    const at = flat.indexOf(event.target);
    const next = {
      Enter: () => below(matrix, place, event.shiftKey ? -1 : 1, event.target) ?? event.target,
      ArrowDown: () => below(matrix, place, 1, event.target),
      ArrowUp: () => below(matrix, place, -1, event.target),
      ArrowLeft: () => (atEdge(event.target, -1) ? flat[at - 1] : null),
      ArrowRight: () => (atEdge(event.target, 1) ? flat[at + 1] : null),
    }[event.key]?.();
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select?.();
  });
}
