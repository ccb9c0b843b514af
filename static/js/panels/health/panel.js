// Whether a network can go on learning, in a few numbers: what looks at it measured, at the update in view.

import { find, html, markPanel, svg, whenChanged } from "../../draw/layers/dom.js";
import { grouped } from "../../draw/numbers.js";
import { scrubbed } from "../../state/selectors/history.js";
import { HEIGHT, sparkFigure, WIDTH } from "./figure.js";
import { drawSpark } from "./layer.js";
import { optionsOf } from "./facts.js";
import { healthRows, lookAt, looksInView, noLook } from "./selector.js";

const LIVE_PAINT_MS = 500;

/** @returns {import("../../draw/painter.js").Panel} */
export function createHealth() {
  const root = find("[data-testid=health]");
  const list = find("ul", root);
  const changed = whenChanged();
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const looks = looksInView(state);
      const at = lookAt(looks.update, scrubbed(state));
      const update = at < 0 ? null : looks.update[at];
      list.hidden = update === null;
      markPanel(root, {
        update,
        state: update === null ? "empty" : state.link.status === "lost" && state.run ? "stale" : "live",
        note: update === null ? noLook(state, looks) : `measured after update ${grouped(update)}`,
      });
      if (update === null) return;
      const options = optionsOf(state, looks, at);
      if (!changed(looks.health, looks.update.length, at, state.looks, JSON.stringify(options))) return;
      for (const row of healthRows(looks, at, options)) paintRow(list, row, looks.update, at);
    },
  };
}

/**
 * @param {HTMLElement} list @param {import("./selector.js").Row} row @param {number[]} updates @param {number} at
 */
function paintRow(list, { key, title, shown, value, said, past, scale }, updates, at) {
  const element =
    /** @type {HTMLElement | null} */ (list.querySelector(`[data-health=${key}]`)) ??
    list.appendChild(newRow(key, title));
  element.dataset.value = value;
  element.dataset.trouble = String(said.trouble);
  find(".health-value", element).textContent = shown;
  find(".health-words", element).textContent = said.text;
  find("svg", element).replaceChildren(...drawSpark(sparkFigure(updates, past, at, scale)));
}

/** @param {string} key @param {string} title */
function newRow(key, title) {
  return html(
    "li",
    { "data-health": key },
    html("span", { class: "health-title" }, title),
    html("strong", { class: "health-value" }),
    svg("svg", {
      class: "spark",
      width: WIDTH,
      height: HEIGHT,
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      "aria-hidden": "true",
    }),
    html("span", { class: "health-words" }),
  );
}
