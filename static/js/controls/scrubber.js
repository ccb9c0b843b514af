// The update scrubber: one thumb for all panels. New data never move it unless Follow is on.

import { html } from "../draw/layers/dom.js";
import { nearest } from "../state/nearest.js";
import { grouped } from "../draw/numbers.js";

/** Keys go from one stored update to the next, however far apart they lie. @type {Record<string, number>} */
const KEYS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

/**
 * @typedef {HTMLDivElement & {value: number, player: HTMLButtonElement, show: (view: ScrubberView) => void}} Scrubber
 * @typedef {{updates: number[], value: number | null, frozen: boolean, playing: boolean}} ScrubberView
 * @typedef {{slider: HTMLInputElement, output: HTMLElement, back: HTMLButtonElement, on: HTMLButtonElement,
 *   player: HTMLButtonElement, root: HTMLDivElement}} ScrubberParts
 * @typedef {ScrubberParts & {updates: number[], value: number}} ScrubberInUse `updates` are the stored ones
 */

/**
 * @returns {Scrubber}
 *   emits "input" with a stored update as `.value`; what `player` does is left to others
 */
export function createScrubber() {
  /** @type {ScrubberInUse} */
  const scrubber = { ...partsOf(), updates: [], value: 0 };
  const { root, slider, player, back, on } = scrubber;
  back.addEventListener("click", () => hop(scrubber, -1));
  on.addEventListener("click", () => hop(scrubber, 1));
  slider.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    hop(scrubber, by);
  });
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    pick(scrubber, nearest(scrubber.updates, Number(slider.value)));
  });
  Object.defineProperty(root, "value", { get: () => scrubber.value });
  const parts = { player, show: (/** @type {ScrubberView} */ view) => show(scrubber, view) };
  return /** @type {Scrubber} */ (Object.assign(root, parts));
}

/** @returns {ScrubberParts} */
function partsOf() {
  const slider = html("input", {
    type: "range",
    name: "update",
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    "aria-label": "update shown",
  });
  const output = html("span", { class: "output" });
  const button = (/** @type {string} */ sign, /** @type {string} */ label) =>
    html("button", { type: "button", class: "nudge", "aria-label": label }, sign);
  const back = button("−", "earlier snapshot");
  const on = button("+", "later snapshot");
  const player = button("▶", "play the updates");
  player.classList.add("play");
  player.title = "play the stored updates, from the first";
  const name = html("span", { class: "name" }, "update");
  const root = html("div", { class: "scrubber" }, name, player, back, slider, on, output);
  return { slider, output, back, on, player, root };
}

/** To the stored update so many further. @param {ScrubberInUse} scrubber @param {number} by */
function hop(scrubber, by) {
  const { updates, value } = scrubber;
  const index = updates.indexOf(nearest(updates, value) ?? -1);
  pick(scrubber, updates[Math.min(Math.max(index + by, 0), updates.length - 1)]);
}

/** @param {ScrubberInUse} scrubber @param {number | null | undefined} update */
function pick(scrubber, update) {
  if (update === null || update === undefined) return;
  scrubber.value = update;
  scrubber.slider.value = String(update);
  scrubber.output.textContent = grouped(update);
  scrubber.root.dispatchEvent(new Event("input"));
}

/** @param {ScrubberInUse} scrubber @param {ScrubberView} view */
function show(scrubber, view) {
  const { slider, output, back, on, player } = scrubber;
  // The list of what is stored may come after the first picture; only then new data must not move the thumb.
  const known = scrubber.updates.length > 1;
  const { updates } = view;
  scrubber.updates = updates;
  const off = updates.length < 2;
  for (const part of [slider, back, on, player]) part.disabled = off;
  player.textContent = view.playing ? "❚❚" : "▶";
  player.setAttribute("aria-pressed", String(view.playing));
  slider.title = off ? "no stored updates to go back to" : `${updates.length} stored updates`;
  const last = updates.length ? updates[updates.length - 1] : (view.value ?? 0);
  if (!view.frozen || !known || Number(slider.max) < (view.value ?? 0)) slider.max = String(last);
  if (view.value === null) return;
  scrubber.value = view.value;
  slider.value = String(view.value);
  slider.setAttribute("aria-valuetext", `update ${grouped(view.value)}`);
  output.textContent = grouped(view.value);
}
