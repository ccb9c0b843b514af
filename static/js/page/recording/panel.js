// On a page that holds a recording in place of a server: where it comes from, and what only a server could do is grey.

import { find } from "../../draw/layers/dom.js";
import { recordedWords } from "../words/recorded.js";

/** What asks a server when it is pressed or turned. Whatever else is pressed answers out of the file. */
export const NEEDS_SERVER = [
  "#train, #pause, #step, #stop, #reset, #reseed, #duplicate, #open-finite",
  "#compare-methods, #branch, #open-bundle, #download-bundle, [data-testid=runs] li .icon",
  "[data-testid=self-proof] .panel-head .push",
  "input[name=learning_rate], input[name=clip_norm], #knob-learning_rate, #knob-clip_norm",
  "#own-input :is(input, button), #own-run :is(input, select, button)",
  "#all-runs, #help, a[href^='/']",
].join(", ");
const WHY = "needs a server: this page is a recording";

/**
 * What the page says of it.
 * @param {import("../../wire/recorded/recording.js").Recording} recording @returns {Recorded}
 */
export const heldBy = ({ about, hash, left_out, pictures }) => ({ about, hash, left_out, pictures: pictures.length });

/**
 * @param {Recorded} held
 * @returns {import("../../draw/painter.js").Panel} greys anew what other panels have woken
 */
export function createRecorded(held) {
  const line = find("#recorded");
  line.hidden = false;
  line.append(...recordedWords(held).map(element));
  find(".none-yet").textContent = "This recording holds one network; a server lists here what it trains.";
  return { every: 0, together: true, paint: grey };
}

/** @param {import("../words/recorded.js").Part} part */
function element({ text, href }) {
  if (!href) return text;
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  return link;
}

function grey() {
  for (const one of document.querySelectorAll(NEEDS_SERVER)) {
    if (one.closest("#recorded")) continue;
    if (one instanceof HTMLAnchorElement) one.removeAttribute("href");
    else /** @type {HTMLButtonElement} */ (one).disabled = true;
    if (one.getAttribute("title") === WHY) continue;
    one.setAttribute("aria-disabled", "true");
    one.setAttribute("title", WHY);
  }
}
