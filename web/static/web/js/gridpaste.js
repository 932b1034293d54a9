// Pastes a range copied from Excel (tabs and line breaks) into an editable grid, from the focused cell down and right.
import { check, tidy } from "./amountcell.js";
import { cellsOf, placeOf } from "./gridkeys.js";
import { showToast } from "./toast.js";
import { word } from "./words.js";

/** "a\tb\r\nc\td\n" → [["a","b"],["c","d"]]; a quoted cell may hold tabs, breaks and doubled quotes. */
export function parseRange(text) {
  const rows = [[""]];
  let quoted = false;
  const clean = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let i = 0; i < clean.length; i += 1) {
    const char = clean[i];
    const row = rows[rows.length - 1];
    if (quoted && char === '"' && clean[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
    else if (char === '"' && (quoted || row[row.length - 1] === "")) quoted = !quoted;
    else if (char === "\t" && !quoted) row.push("");
    else if (char === "\n" && !quoted) rows.push([""]);
    else row[row.length - 1] += char;
  }
  return rows;
}

export function bindPaste(grid) {
  grid.table.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    const matrix = cellsOf(grid.table);
    const start = placeOf(matrix, event.target);
    if (!start) return;
    event.preventDefault();
    const [pasted, outside] = fill(matrix, start, parseRange(text), grid.decimals);
    grid.refresh();
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
    showToast(`${word("pasted")} ${pasted}`, "success");
    if (outside) showToast(`${word("pasted-outside")} ${outside}`, "warning");
  });
}

function fill(matrix, start, range, decimals) {
  let [pasted, outside] = [0, 0];
  for (const [dy, line] of range.entries()) {
    for (const [dx, value] of line.entries()) {
      const input = matrix[start.y + dy]?.[start.x + dx];
      if (!input || input.readOnly || input.disabled) { outside += value.trim() ? 1 : 0; continue; }
      input.value = value.trim();
      if (check(input, decimals)) tidy(input, decimals);
      pasted += 1;
    }
  }
  return [pasted, outside];
}
