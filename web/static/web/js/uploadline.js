// One line of an upload: name, bytes, what is happening, and a button to pause or go on.
import { word } from "./words.js";

export function addLine(form, file) {
  const line = document.createElement("div");
  line.className = "upload-item";
  line.innerHTML = '<span class="upload-name"></span><button type="button" class="button button-small"></button><div class="progress"><progress max="100" value="0"></progress><div class="progress-line"><span></span><span></span></div></div>';
  const [name, button, box] = line.children;
  const [state, amount] = box.querySelectorAll("span");
  name.textContent = file.name;
  button.textContent = word("pause");
  box.querySelector("progress").setAttribute("aria-label", file.name);
  form.querySelector("[data-pt-upload-list]").append(line);
  const say = (text) => { state.textContent = text; };
  return {
    say,
    progress(sent, all) {
      box.querySelector("progress").value = all ? (sent / all) * 100 : 0;
      say(word("uploading"));
      amount.textContent = `${bytes(sent)} / ${bytes(all)}`;
    },
    done() { box.className = "progress progress-done"; button.remove(); say(word("uploaded")); },
    fail(text, again) {
      box.className = "progress progress-failed";
      say(text);
      if (again) { button.textContent = word("resume"); button.onclick = () => { box.className = "progress"; again(); }; } else button.remove();
    },
    onPause(act) {
      button.onclick = () => {
        const pausing = button.textContent === word("pause");
        button.textContent = word(pausing ? "resume" : "pause");
        act(pausing);
        if (pausing) say(word("paused"));
      };
    },
  };
}

export function bytes(count) {
  return count >= 1048576 ? `${(count / 1048576).toFixed(1)} MB` : `${Math.ceil(count / 1024)} KB`;
}
