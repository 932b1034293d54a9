// A button that prints the page: <button type="button" data-pt-print hidden>; without scripts the browser's own menu does it.
export function bind(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
