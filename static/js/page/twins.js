// The twin of each figure: a sentence that goes along with it, read to those who do not see it, and on request the
// table of its numbers, as the API gives them. Tables are built only while they are open, and at their own slow pace.

import { html, whenChanged } from "../draw/layers/dom.js";
import { grouped } from "../draw/numbers.js";
import { tableOf } from "../exports/tables.js";
import { OF_TRAINING } from "../exports/training.js";
import { chosenStep } from "../state/selectors.js";
import { picture, story } from "../state/shown.js";
import { normKind } from "../panels/gradients/selector.js";
import { lookAt, looksInView, noLook } from "../panels/health/selector.js";
import { compared } from "../state/selectors/comparison.js";
import { scrubbed } from "../state/selectors/history.js";
import { sentence } from "./words/sentences.js";
import { pageParts } from "./panels.js";

const PAINT_MS = 500;
const MOST_ROWS = 1000;

/**
 * @returns {{painted: import("../draw/painter.js").Panel, toggle: (testid: string) => boolean}}
 *   toggle answers whether it is open now
 */
export function createTwins() {
  const twins = pageParts().flatMap(({ root, testid, panel, name }) => {
    if (panel === null) return [];
    const words = html("p", { class: "twin-words unseen", id: `twin-${panel}` });
    const scroller = html("div", {
      class: "twin-table",
      tabindex: 0,
      role: "region",
      "aria-label": `Numbers of ${name}`,
    });
    const box = html("div", { class: "twin", hidden: true }, scroller);
    root.append(words, box);
    root.setAttribute("aria-describedby", words.id);
    return [{ testid, panel, name, words, box, scroller, changed: whenChanged() }];
  });
  return {
    painted: {
      every: PAINT_MS,
      paint(state) {
        const shown = story(state).trace;
        for (const twin of twins)
          paintTwin(twin, state, twin.panel === "attention" ? heatmap(state) : shown, chosenStep(state, shown));
      },
    },
    toggle(testid) {
      const twin = twins.find((one) => one.testid === testid);
      if (!twin) return false;
      twin.box.hidden = !twin.box.hidden;
      twin.words.classList.toggle("unseen", twin.box.hidden);
      twin.changed();
      return !twin.box.hidden;
    },
  };
}

/** What the heatmap draws, be it weights or differences. @param {State} state */
function heatmap(state) {
  const { trace } = picture(state);
  return trace && compared(state, trace).trace;
}

/**
 * @param {{panel: PagePanel, name: string, words: HTMLElement, box: HTMLElement, scroller: HTMLElement,
 *   changed: (...values: unknown[]) => boolean}} twin
 * @param {State} state @param {Trace | null} trace @param {number | null} step
 */
function paintTwin({ panel, name, words, box, scroller, changed }, state, trace, step) {
  const { metrics, cell } = state;
  const looks = looksInView(state);
  const look = lookAt(looks.update, scrubbed(state));
  const none = look < 0 ? noLook(state, looks) : "";
  const drawn = OF_TRAINING.has(panel)
    ? [metrics, state.looks.health, state.target, looks.update.length, look, none]
    : [trace, step, cell];
  if (!changed(...drawn, box.hidden)) return;
  const said = sentence(panel, { trace, step, metrics, looks, look, noLook: none, cell });
  if (words.textContent !== said) words.textContent = said;
  if (box.hidden || (!trace && !OF_TRAINING.has(panel))) return scroller.replaceChildren();
  scroller.replaceChildren(
    tableElement(name, tableOf(panel, trace, state, step).columns, panel === "gradients" ? named : text),
  );
}

/**
 * @param {string} name
 * @param {import("../exports/tables.js").Table["columns"]} columns
 * @param {(value: Cell, column: Cell[], title: string) => string} words
 */
function tableElement(name, columns, words) {
  const rows = columns[0][1].length;
  const shown = Math.min(rows, MOST_ROWS);
  const more = rows > shown ? `; the first ${grouped(shown)} of ${grouped(rows)} rows, Export gives all` : "";
  return html(
    "table",
    {},
    html("caption", {}, `${name}: ${rows === 1 ? "1 row" : `${grouped(rows)} rows`}${more}`),
    html("thead", {}, html("tr", {}, ...columns.map(([title]) => html("th", { scope: "col" }, title)))),
    html(
      "tbody",
      {},
      ...Array.from({ length: shown }, (_, row) =>
        html("tr", {}, ...columns.map(([title, cells]) => html("td", {}, words(cells[row], cells, title)))),
      ),
    ),
  );
}

/** @typedef {number | string | null} Cell */

/** As the API writes it; what it has no number for is a dash. @param {Cell} value */
const text = (value) => (value === null ? "–" : String(value));

/**
 * A norm beside its kind: exact zero, not finite, and too small to count as reached are three things.
 * @param {Cell} value
 * @param {Cell[]} column
 * @param {string} title
 */
function named(value, column, title) {
  if (title === "step") return text(value);
  return normKind(typeof value === "number" ? value : NaN, column) ?? text(value);
}
