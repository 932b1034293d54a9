// Resumable uploads for components/upload.html (tus). Each file shows its bytes; a dropped connection goes on where it stopped,
// also after the page was left and found again. When a file is through, the form posts `upload` (the id the server gave) instead of it.
// A form with `data-pt-upload-on-submit` asks for more than the file: it is sent when the form is, not as soon as it is chosen.
import { Upload } from "../vendor/tus-js-client/tus.mjs";
import { addLine, bytes } from "./uploadline.js";
import { csrfToken, word } from "./words.js";

export function bind(form) {
  const input = form.querySelector("input[type=file]");
  bindDrop(form, input);
  if (!form.dataset.ptUploadEndpoint) return;
  if ("ptUploadOnSubmit" in form.dataset) {
    form.addEventListener("submit", (event) => {
      const [file] = input.files;
      if (!file || input.disabled) return;
      event.preventDefault();
      form.querySelector("[data-pt-upload-list]").replaceChildren();
      send(form, input, file);
    });
    return;
  }
  const button = form.querySelector("[data-pt-upload-send]");
  if (button) button.hidden = true;
  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) await send(form, input, file);
  });
}

function bindDrop(form, input) {
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("is-over"); });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** Why the file cannot be sent, in words; empty when it can. The server checks again, by content. */
function refusal(form, input, file) {
  const most = Number(form.dataset.ptUploadMax ?? 0);
  if (most && file.size > most) return `${word("too-big")} ${bytes(file.size)} > ${bytes(most)}`;
  const accepted = input.accept.split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);
  const fits = (part) => (part.startsWith(".") ? file.name.toLowerCase().endsWith(part) : file.type.startsWith(part.replace("*", "")));
  if (accepted.length && !accepted.some(fits)) return `${word("wrong-type")} ${input.accept}`;
  return "";
}

async function send(form, input, file) {
  const line = addLine(form, file);
  const why = refusal(form, input, file);
  if (why) return line.fail(why);
  const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string" && value));
  delete fields.csrfmiddlewaretoken;
  delete fields.upload;
  return new Promise((finished) => {
    const upload = new Upload(file, {
      endpoint: form.dataset.ptUploadEndpoint,
      headers: { "X-CSRFToken": csrfToken(form) },
      metadata: { ...fields, filename: file.name, filetype: file.type },
      chunkSize: 5 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000, 30000],
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["pt", form.getAttribute("action"), file.name, file.size, file.lastModified, JSON.stringify(fields)].join("|"),
      onShouldRetry: (error) => {
        const status = error.originalResponse?.getStatus() ?? 0;
        const again = status === 0 || status === 409 || status === 423 || status >= 500;
        if (again) line.say(word("retrying"));
        return again;
      },
      onProgress: (sent, all) => line.progress(sent, all),
      onError: (error) => { line.fail(reason(error) || word("failed"), isFinal(error) ? null : () => upload.start()); finished(); },
      onSuccess: () => { line.done(); deliver(form, upload.url); finished(); },
    });
    line.onPause((pausing) => (pausing ? upload.abort() : upload.start()));
    upload.findPreviousUploads().then((earlier) => {
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
      upload.start();
    });
  });
}

/** Whether the file itself was refused: going on with the same one would be refused again. */
function isFinal(error) {
  return [413, 415, 422].includes(error.originalResponse?.getStatus());
}

/** What the server said: the words of a refusal in JSON, else its plain text. */
function reason(error) {
  const body = error.originalResponse?.getBody() ?? "";
  try {
    const said = JSON.parse(body);
    return said.message ?? "";
  } catch {
    return body.slice(0, 300);
  }
}

/** Posts the form with the id of the finished upload; htmx swaps the answer where the form asks for it. */
function deliver(form, url) {
  const id = new URL(url, location.href).pathname.split("/").filter(Boolean).pop();
  const field = form.querySelector("input[name=upload]") ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "upload" }));
  field.value = id;
  const file = form.querySelector("input[type=file]");
  file.disabled = true;
  form.dispatchEvent(new CustomEvent("pt:uploaded", { bubbles: true, detail: { id, url } }));
  form.requestSubmit();
  file.disabled = false;
}
