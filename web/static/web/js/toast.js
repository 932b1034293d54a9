// Short notices in the corner. Errors stay until closed; the rest leave after a while, never while pointed at.
import { word } from "./words.js";

export function showToast(text, level = "info") {
  const toast = document.createElement("div");
  toast.className = `toast toast-${level}`;
  if (level === "error") toast.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", word("close"));
  close.addEventListener("click", () => toast.remove());
  toast.append(words, close);
  document.getElementById("toasts")?.append(toast);
  if (level !== "error") leaveLater(toast);
}

function leaveLater(toast) {
  let timer = setTimeout(() => toast.remove(), 6000);
  toast.addEventListener("mouseenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("mouseleave", () => { timer = setTimeout(() => toast.remove(), 3000); });
}
