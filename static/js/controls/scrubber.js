// The update scrubber: one thumb for all panels. New data never move it unless Follow is on.

import { html } from "../draw/layers/dom.js";
import { nearest } from "../state/reducers/nearest.js";
import { grouped } from "../draw/numbers.js";

/**
 * @typedef {HTMLDivElement & {value: number, player: HTMLButtonElement, show: (view: ScrubberView) => void}} Scrubber
 * @typedef {{updates: number[], value: number | null, frozen: boolean, playing: boolean}} ScrubberView
 * @returns {Scrubber}
 *   emits "input" with a stored update as `.value`; what `player` does is left to others
 */
export function createScrubber() {
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
  /** @type {number[]} */
  let updates = [];
  let value = 0;
  const hop = (/** @type {number} */ by) => () => {
    const index = updates.indexOf(nearest(updates, value) ?? -1);
    pick(updates[Math.min(Math.max(index + by, 0), updates.length - 1)]);
  };
  /** Keys go from one stored update to the next, however far apart they lie. */
  const KEYS = /** @type {Record<string, number>} */ ({
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
    Home: -Infinity,
    End: Infinity,
  });
  slider.addEventListener("keydown", (event) => {
    const by = KEYS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    hop(by)();
  });
  const back = html(
    "button",
    { type: "button", class: "nudge", "aria-label": "earlier snapshot", onclick: hop(-1) },
    "−",
  );
  const on = html("button", { type: "button", class: "nudge", "aria-label": "later snapshot", onclick: hop(1) }, "+");
  const player = html(
    "button",
    {
      type: "button",
      class: "nudge play",
      "aria-label": "play the updates",
      title: "play the stored updates, from the first",
    },
    "▶",
  );
  const root = html(
    "div",
    { class: "scrubber" },
    html("span", { class: "name" }, "update"),
    player,
    back,
    slider,
    on,
    output,
  );

  function pick(/** @type {number | null | undefined} */ update) {
    if (update === null || update === undefined) return;
    value = update;
    slider.value = String(update);
    output.textContent = grouped(update);
    root.dispatchEvent(new Event("input"));
  }
  slider.addEventListener("input", (event) => {
    event.stopPropagation();
    pick(nearest(updates, Number(slider.value)));
  });

  Object.defineProperty(root, "value", { get: () => value });
  return /** @type {Scrubber} */ (
    Object.assign(root, {
      player,
      show(/** @type {ScrubberView} */ view) {
        // The list of what is stored may come after the first picture; only then new data must not move the thumb.
        const known = updates.length > 1;
        updates = view.updates;
        const off = updates.length < 2;
        for (const part of [slider, back, on, player]) part.disabled = off;
        player.textContent = view.playing ? "❚❚" : "▶";
        player.setAttribute("aria-pressed", String(view.playing));
        slider.title = off ? "no stored updates to go back to" : `${updates.length} stored updates`;
        const last = updates.length ? updates[updates.length - 1] : (view.value ?? 0);
        if (!view.frozen || !known || Number(slider.max) < (view.value ?? 0)) slider.max = String(last);
        if (view.value !== null) {
          value = view.value;
          slider.value = String(view.value);
          slider.setAttribute("aria-valuetext", `update ${grouped(view.value)}`);
          output.textContent = grouped(view.value);
        }
      },
    })
  );
}
