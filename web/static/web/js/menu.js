// Closes a <details> menu on Escape, on a click elsewhere, and when the focus leaves it.
export function bind(details) {
  const close = () => { details.open = false; };
  document.addEventListener("click", (event) => {
    const inNavigation = details.classList.contains("nav-toggle") && event.target.closest(".side-nav");
    if (details.open && !details.contains(event.target) && !inNavigation) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    close();
    details.querySelector("summary").focus();
  });
}
