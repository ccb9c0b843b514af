// Below the step in numbers: what a range of steps reads in all, memory by memory. Two fields do what a drag does.

import { numberField } from "../../controls/numbers/field.js";
import { readNumber, refusalWords } from "../../controls/numbers/read.js";
import { find, html, whenChanged } from "../../draw/layers/dom.js";
import { readable } from "../../draw/numbers.js";
import { picture } from "../../state/shown.js";
import { rangeOf, rangeSums } from "./selector.js";

const LIVE_PAINT_MS = 100;
const SHOWN = 12;

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createRanges(store) {
  const root = /** @type {HTMLDetailsElement} */ (find("#range"));
  const body = find(".range-body", root);
  const changed = whenChanged();
  let steps = 1;
  let had = false;
  const fields = bindEnds(store, root, () => steps);
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const { trace } = picture(state);
      if (!trace || !changed(trace, state.range)) return;
      steps = trace.steps;
      const range = rangeOf(state, trace);
      if (range) root.open = true;
      // A number that was typed into one of them waits for the other.
      if (range || had) fields.forEach(({ show }, end) => show(range ? range[end] : null));
      had = range !== null;
      body.replaceChildren(...(range ? sums(trace, range) : []));
    },
  };
}

/**
 * Two fields: a whole range goes to the store, two empty ones end it, and a number that is no step is named below.
 * @param {Store} store @param {HTMLElement} root @param {() => number} steps of the sequence
 */
function bindEnds(store, root, steps) {
  /** @type {Map<string, import("../../controls/numbers/read.js").Refusal>} */
  const refused = new Map();
  const note = find(".form-note", root);
  const wanted = (/** @type {string} */ name) => ({
    ...{ name, low: 0, high: steps() - 1, whole: true, empty: true },
    remedy: "choose a step of the sequence",
  });
  const fields = ["range_from", "range_to"].map((name) =>
    numberField(find(`input[name=${name}]`, root), {
      wanted: () => wanted(name),
      say(refusal) {
        if (refusal) refused.set(name, refusal);
        else refused.delete(name);
        note.textContent = [...refused.values()].map(refusalWords).join("; ");
      },
      take() {
        const [from, to] = fields.map(({ element }) => readNumber(element.value, wanted(element.name)).value);
        if (refused.size || (from === null) !== (to === null)) return;
        store.dispatch({ type: "kept/range", range: from === null || to === null ? null : [from, to] });
      },
    }),
  );
  return fields;
}

/** @typedef {ReturnType<typeof rangeSums>["rows"][number]} Row */

/** @param {Row} row @param {number} most the largest sum, which fills its bar */
function line({ source, sum, mean, readers }, most) {
  const share = most > 0 ? Math.round((Math.max(sum, 0) / most) * 100) : 0;
  return html(
    "tr",
    { "data-memory": source, "data-sum": String(sum), "data-mean": String(mean) },
    html("td", {}, source === -1 ? "∅ empty" : `step ${source}`),
    html("td", { class: "bar" }, html("i", { style: `width:${share}%` }), html("span", {}, readable(sum, 4))),
    html("td", {}, readable(mean, 3)),
    html("td", {}, String(readers)),
  );
}

const head = () =>
  html(
    "thead",
    {},
    html(
      "tr",
      {},
      html("th", {}, "memory"),
      html("th", {}, "sum of weights"),
      html("th", { title: "weight per step of the range" }, "mean / step"),
      html("th", { title: "steps of the range that read it" }, "readers"),
    ),
  );

/** @param {Trace} trace @param {Pair} range */
function sums(trace, range) {
  const { rows, steps, total } = rangeSums(trace, range);
  if (rows.length === 0) return [html("p", { class: "quiet" }, `Steps ${range[0]}–${range[1]} read no memory.`)];
  const most = Math.max(...rows.map((row) => row.sum), 0);
  const lines = rows.map((row) => line(row, most));
  const rest = lines.slice(SHOWN);
  const which = `${steps} ${steps === 1 ? "step" : "steps"}, ${range[0]} to ${range[1]}`;
  return [
    html(
      "table",
      { class: "readings" },
      html("caption", {}, `Weights of ${which}, added up: ${readable(total, 4)} in all`),
      head(),
      html("tbody", {}, ...lines.slice(0, SHOWN)),
    ),
    rest.length > 0 &&
      html(
        "details",
        {},
        html("summary", {}, `${rest.length} more ${rest.length === 1 ? "memory" : "memories"}`),
        html("table", { class: "readings" }, html("tbody", {}, ...rest)),
      ),
  ].filter((node) => node !== false);
}
