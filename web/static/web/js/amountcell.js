// One cell of a grid that holds an amount: says what is wrong with its text, writes it evenly.
import { formatFen, parseFen } from "./money.js";
import { word } from "./words.js";

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
