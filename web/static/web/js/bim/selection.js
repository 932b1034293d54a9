// A field that holds the GlobalIds of what is chosen in the viewer of the page: data-pt-bim-selection.
export function bind(field) {
  document.addEventListener("pt:bim-select", (event) => {
    if (event.detail.from !== "link" && !field.matches(":focus")) field.value = event.detail.guids.join("\n");
  });
}
