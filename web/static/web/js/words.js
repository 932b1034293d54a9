// The words the scripts say, in the language of the page (components/words.html).
const words = document.getElementById("pt-words")?.dataset ?? {};

export function word(key) {
  return words[key.replace(/-(.)/g, (_, letter) => letter.toUpperCase())] ?? key;
}

export function csrfToken(near = document) {
  return (near.querySelector("[name=csrfmiddlewaretoken]") ?? document.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
}
