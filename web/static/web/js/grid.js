// The editable cost grid: subtotals by tree, reduction and rate per line and in total, live and in whole fen.
// Markup in docs/UI.md. Figures: [data-pt-col]; sums of children: [data-pt-sum]; the foot: [data-pt-total].
import { check, tidy } from "./amountcell.js";
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

function recompute(table, decimals) {
  const rows = [...table.querySelectorAll("[data-pt-row]")];
  const columns = [...new Set([...table.querySelectorAll("[data-pt-col]")].map((cell) => cell.dataset.ptCol))];
  const children = new Map(rows.map((row) => [row.dataset.ptRow, []]));
  const roots = [];
  for (const row of rows) (children.get(row.dataset.ptParent) ?? roots).push(row);
  const lineOf = (row) => {
    const below = children.get(row.dataset.ptRow).map(lineOf);
    const line = below.length ? added(below, columns) : leaf(row, columns, decimals);
    show(row, line, decimals, false);
    return line;
  };
  const total = added(roots.map(lineOf), columns);
  for (const foot of table.querySelectorAll("[data-pt-total]")) show(foot, total, decimals, true);
  table.dispatchEvent(new CustomEvent("pt:totals", { bubbles: true, detail: total.amounts }));
}

function amountIn(cell, decimals) {
  const input = cell.querySelector("input");
  if (!input && cell.dataset.ptValue !== undefined) return parseFen(cell.dataset.ptValue).fen;
  return parseFen(input ? input.value : cell.textContent, decimals).fen;
}

/** A line's amounts by column, and its part in the reduction: only a line with both figures has one. */
function leaf(row, columns, decimals) {
  const amounts = {};
  for (const column of columns) {
    const cell = row.querySelector(`[data-pt-col="${column}"]`);
    amounts[column] = cell ? amountIn(cell, decimals) : null;
  }
  const { declared = null, reviewed = null } = amounts;
  const known = declared !== null && reviewed !== null;
  return { amounts, reduction: known ? declared - reviewed : null, base: known ? declared : null, pending: declared !== null && reviewed === null ? 1 : 0 };
}

/** Σ of lines; a reduction is Σ over the lines already reviewed, and says how many are not. */
function added(lines, columns) {
  const amounts = Object.fromEntries(columns.map((column) => [column, sum(lines.map((line) => line.amounts[column]))]));
  return { amounts, reduction: sum(lines.map((line) => line.reduction)), base: sum(lines.map((line) => line.base)), pending: lines.reduce((n, line) => n + line.pending, 0), isSum: true };
}

function sum(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((a, b) => a + b, 0n) : null;
}

function show(row, { amounts, reduction, base, pending, isSum }, decimals, isTotal) {
  for (const cell of row.querySelectorAll("[data-pt-col]")) {
    if ((isTotal || cell.hasAttribute("data-pt-sum")) && !cell.querySelector("input")) write(cell, amounts[cell.dataset.ptCol], decimals);
  }
  const difference = row.querySelector("[data-pt-reduction]");
  if (difference) {
    write(difference, reduction, decimals);
    difference.classList.toggle("is-increase", reduction !== null && reduction < 0n);
    difference.dataset.ptMark = word("increase");
    if (isSum && pending && reduction !== null) difference.dataset.ptPending = `${word("pending")} ${pending}`;
    else delete difference.dataset.ptPending;
  }
  const rate = row.querySelector("[data-pt-rate]");
  if (rate) rate.textContent = reduction === null ? "—" : formatRate(reduction, base);
}

function write(cell, fen, decimals) {
  cell.textContent = fen === null ? "—" : formatFen(fen, decimals);
}
