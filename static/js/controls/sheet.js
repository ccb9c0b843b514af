// On a phone the knobs are a sheet that one button brings up from below, over the picture that they change. On wider
// windows the button is not shown (css/phone.css), and the knobs stand where they always stand.

import { find } from "../draw/layers/dom.js";

export function createSheet() {
  const handle = /** @type {HTMLButtonElement} */ (find("#sheet"));
  const card = find("[data-testid=controls]");
  const show = (/** @type {boolean} */ on) => {
    card.classList.toggle("raised", on);
    handle.setAttribute("aria-expanded", String(on));
    handle.textContent = on ? "Close knobs" : "Knobs";
  };
  handle.addEventListener("click", () => show(!card.classList.contains("raised")));
  document.addEventListener(
    "keydown",
    (event) => {
      if (
        event.key !== "Escape" ||
        event.defaultPrevented ||
        !card.classList.contains("raised") ||
        document.querySelector("dialog[open]")
      )
        return;
      event.stopImmediatePropagation();
      show(false);
      handle.focus();
    },
    { capture: true },
  );
}
