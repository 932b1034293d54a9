// Brings the present room of a project into sight where its rooms scroll sideways.
export function bind(nav) {
  const here = nav.querySelector("[aria-current]");
  if (here) nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}
