// On a page that holds a recording in place of a server: where it comes from, and what only a server could do is grey.

import { find } from "../../draw/layers/dom.js";
import { recordedWords } from "../words/recorded.js";

/** What asks a server when it is pressed or turned. Whatever else is pressed answers out of the file. */
export const NEEDS_SERVER = [
  "#train, #pause, #step, #stop, #reset, #reseed, #duplicate, #open-finite",
  "#compare-methods, #branch, #open-bundle, #download-bundle, [data-testid=runs] li .icon",
  "[data-testid=self-proof] .panel-head .push",
  ":is([data-knob=learning_rate], [data-knob=clip_norm]) :is(input, button)",
  "#own-input :is(input, button), #own-run :is(input, select, button)",
  "#all-runs, #help, a[href^='/'], a[href^='./'], a[href^='../']",
].join(", ");
const WHY = "needs a server: this page is a recording";
/** What a server would compute anew: the file holds answers to other questions only. */
export const NEEDS_ANSWERS = "input[name=share], select[name=cuts], input[name=phase]";
const GREY = {
  [NEEDS_SERVER]: WHY,
  [NEEDS_ANSWERS]: "needs a server: this recording holds no answers for others",
  "select[name=preset]": "needs a server: this recording holds one network",
};

const ONE_PICTURE = {
  "#scrubber :is(button, input), input[name=follow]":
    "needs a server: this recording holds no pictures of the training",
};

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
  line.append(...recordedWords(held).map(element), configuration(held));
  find(".none-yet").textContent = "This recording holds one network; a server lists here what it trains.";
  const dead = held.pictures > 1 ? GREY : { ...GREY, ...ONE_PICTURE };
  return { every: 0, together: true, paint: keptGrey(dead) };
}

/** @param {import("../words/recorded.js").Part} part */
function element({ text, href }) {
  if (!href) return text;
  const link = document.createElement("a");
  link.href = href;
  link.textContent = text;
  // In a cell of a notebook the frame is no place for another page.
  if (href.includes("/")) Object.assign(link, { target: "_blank", rel: "noopener" });
  return link;
}

/** What the file was made of, row by row, as its tables say it. @param {Recorded} held */
function configuration({ about }) {
  const summary = Object.assign(document.createElement("summary"), { textContent: "Network and configuration" });
  const list = document.createElement("dl");
  for (const [name, value] of about.of)
    for (const [tag, text] of [
      ["dt", name],
      ["dd", value],
    ])
      list.append(Object.assign(document.createElement(tag), { textContent: text }));
  const details = document.createElement("details");
  details.append(summary, list);
  return details;
}

/**
 * Greys again whatever wakes, before anybody can press it: a form that is unfolded frees its fields, for one.
 * @param {Record<string, string>} dead selectors, each with why
 * @returns {() => void} greys what is new
 */
export function keptGrey(dead) {
  const greyAll = () => grey(dead);
  const wakes = { subtree: true, attributes: true, attributeFilter: ["disabled", "title", "href"] };
  new MutationObserver(greyAll).observe(document.body, wakes);
  return greyAll;
}

/** @param {Record<string, string>} dead selectors, each with why */
function grey(dead) {
  for (const [selector, why] of Object.entries(dead))
    for (const one of document.querySelectorAll(selector)) if (!one.closest("#recorded")) disable(one, why);
}

/** @param {Element} one @param {string} why */
function disable(one, why) {
  // Only what is not so yet is written: the observer would be called for what it wrote itself, without an end.
  if (one instanceof HTMLAnchorElement) one.removeAttribute("href");
  else if (!one.hasAttribute("disabled")) one.setAttribute("disabled", "");
  if (one.getAttribute("title") === why) return;
  one.setAttribute("aria-disabled", "true");
  one.setAttribute("title", why);
}
