// Sends a filter form as soon as a choice changes; its button stays for those without scripts.
export function bind(form) {
  form.addEventListener("change", (event) => {
    if (event.target.name && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) form.requestSubmit();
  });
}
