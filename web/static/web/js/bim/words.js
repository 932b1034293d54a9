// The words of the viewer in the language of the page (web/bim/_viewer.html).
export const wordsOf = (root) => {
  const words = root.querySelector("[data-bim-words]").dataset;
  return (key, value = "") => (words[key] ?? key).replace("{}", value);
};
