// The editable cost grid: subtotals by tree, reduction and rate per line and in total, live and in whole fen.
// Markup in docs/UI.md. Figures: [data-pt-col]; sums of children: [data-pt-sum]; the foot: [data-pt-total].
import { bindKeys } from "./gridkeys.js";
import { bindPaste } from "./gridpaste.js";
import { formatFen, formatRate, parseFen } from "./money.js";
import { word } from "./words.js";

export function bind(table) {
  const decimals = table.dataset.ptGrid === "wan" ? 6 : 2;
  const grid = { table, decimals, refresh: () => recompute(table, decimals) };
  table.addEventListener("input", (event) => { check(event.target, decimals); grid.refresh(); });
  table.addEventListener("change", (event) => tidy(event.target, decimals));
  bindKeys(grid);
  bindPaste(grid);
  grid.refresh();
}

const isAmount = (input) => input.matches?.("[data-pt-col] > input");

/** Marks a cell whose text is no amount; the words stand in the cell. */
export function check(input, decimals) {
  if (!isAmount(input)) return true;
  const { error } = parseFen(input.value, decimals);
  let words = input.parentElement.querySelector(".cell-error");
  input.toggleAttribute("aria-invalid", false);
  if (!error) { words?.remove(); return true; }
  if (!words) {
    words = document.createElement("span");
    words.className = "cell-error";
    input.after(words);
  }
  words.textContent = word(error);
  input.setAttribute("aria-invalid", "true");
  return false;
}

export function tidy(input, decimals) {
  if (!isAmount(input)) return;
  const { fen } = parseFen(input.value, decimals);
  if (fen !== null && decimals === 2) input.value = formatFen(fen);
}

function recompute(table, decimals) {
  const rows = [...table.querySelectorAll("[data-pt-row]")];
  const columns = [...new Set([...table.querySelectorAll("[data-pt-col]")].map((cell) => cell.dataset.ptCol))];
  const children = new Map(rows.map((row) => [row.dataset.ptRow, []]));
  const roots = [];
  for (const row of rows) (children.get(row.dataset.ptParent) ?? roots).push(row);
  const amounts = new Map();
  const amountOf = (row) => {
    if (amounts.has(row)) return amounts.get(row);
    const below = children.get(row.dataset.ptRow).map(amountOf);
    const own = columns.map((column) => {
      const cell = row.querySelector(`[data-pt-col="${column}"]`);
      if (!cell) return null;
      if (cell.hasAttribute("data-pt-sum")) return below.length ? sum(below.map((line) => line[columns.indexOf(column)])) : null;
      const input = cell.querySelector("input");
      return parseFen(input ? input.value : cell.dataset.ptValue ?? cell.textContent, input ? decimals : cell.dataset.ptValue ? 2 : decimals).fen;
    });
    amounts.set(row, own);
    return own;
  };
  const total = columns.map((_, index) => sum(roots.map((row) => amountOf(row)[index])));
  for (const row of rows) show(row, columns, amounts.get(row) ?? amountOf(row), decimals, false);
  for (const foot of table.querySelectorAll("[data-pt-total]")) show(foot, columns, total, decimals, true);
  table.dispatchEvent(new CustomEvent("pt:totals", { bubbles: true, detail: Object.fromEntries(columns.map((c, i) => [c, total[i]])) }));
}

/** A row without a figure counts as nothing; a column without any figure has no sum. */
function sum(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => a + b, 0n) : null;
}

function show(row, columns, values, decimals, isTotal) {
  const amount = (name) => values[columns.indexOf(name)] ?? null;
  for (const cell of row.querySelectorAll("[data-pt-col]")) {
    if ((isTotal || cell.hasAttribute("data-pt-sum")) && !cell.querySelector("input")) write(cell, amount(cell.dataset.ptCol), decimals);
  }
  const [declared, reviewed] = [amount("declared"), amount("reviewed")];
  const known = declared !== null && reviewed !== null;
  const difference = row.querySelector("[data-pt-reduction]");
  if (difference) {
    write(difference, known ? declared - reviewed : null, decimals);
    difference.classList.toggle("is-increase", known && reviewed > declared);
    difference.dataset.ptMark = word("increase");
  }
  const rate = row.querySelector("[data-pt-rate]");
  if (rate) rate.textContent = known ? formatRate(declared - reviewed, declared) : "—";
}

function write(cell, fen, decimals) {
  cell.textContent = fen === null ? "—" : formatFen(fen, decimals);
}
