// Asks before what cannot be undone, repeating the project and the amount. Hooks: data-pt-confirm on a form or its button.
// Without scripts use components/move.html inside <details class="confirm">.

const dialog = () => document.getElementById("pt-confirm");
const confirmed = new WeakSet();

export function watchConfirmations() {
  document.addEventListener("submit", askFirst, true);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-pt-dialog]");
    if (opener) { event.preventDefault(); document.getElementById(opener.dataset.ptDialog)?.showModal(); }
    if (event.target.closest("[data-pt-dialog-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });
}

function askFirst(event) {
  const form = event.target;
  const button = event.submitter;
  const asking = button?.dataset.ptConfirm ? button : form.dataset.ptConfirm ? form : null;
  if (!asking || !dialog() || confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask({ ...asking.dataset, ...typedAmount(form, asking.dataset) }).then((yes) => {
    if (!yes) return button?.focus();
    confirmed.add(form);
    form.requestSubmit(button ?? undefined);
  });
}

/** What was typed into the field that decides the amount, with its unit, counts before the amount the page was made with. */
function typedAmount(form, { ptConfirmAmountField, ptConfirmAmountUnit = "" }) {
  const typed = form.elements[ptConfirmAmountField]?.value.trim();
  return typed ? { ptConfirmAmount: `${typed} ${ptConfirmAmountUnit}`.trim() } : {};
}

export function ask({ ptConfirm, ptConfirmProject, ptConfirmAmount, ptConfirmButton, ptConfirmDanger }) {
  const box = dialog();
  fill(box.querySelector("[data-pt-confirm-text]"), ptConfirm);
  fill(box.querySelector("[data-pt-confirm-project]"), ptConfirmProject);
  fill(box.querySelector("[data-pt-confirm-amount]"), ptConfirmAmount);
  const ok = box.querySelector("[data-pt-confirm-ok]");
  ok.textContent = ptConfirmButton || ok.dataset.word;
  ok.classList.toggle("button-danger", ptConfirmDanger !== undefined);
  ok.classList.toggle("button-primary", ptConfirmDanger === undefined);
  box.returnValue = "cancel";
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "ok"), { once: true });
  });
}

function fill(element, text) {
  element.textContent = text ?? "";
  element.hidden = !text;
}
