// Below the step in numbers: what a range of steps reads in all, memory by memory. Two fields do what a drag does.

import { wholeProblem } from "../../controls/whole_field.js";
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
  const note = find(".form-note", root);
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (find(`input[name=${name}]`, root));
  const fields = [field("range_from"), field("range_to")];
  const changed = whenChanged();
  let steps = 1;
  let had = false;
  for (const field of fields) {
    field.addEventListener("change", () => readFields(store, fields, note, steps));
    field.addEventListener("input", () => note.textContent && judge(fields, note, steps));
  }
  return {
    every: LIVE_PAINT_MS,
    paint(state) {
      const { trace } = picture(state);
      if (!trace || !changed(trace, state.range)) return;
      steps = trace.steps;
      const range = rangeOf(state, trace);
      if (range) root.open = true;
      fields.forEach((field, end) => {
        field.max = String(steps - 1);
        // A number that was typed into one of them waits for the other.
        if (range || had) field.value = range ? String(range[end]) : "";
      });
      if (note.textContent && (range || had)) judge(fields, note, steps);
      had = range !== null;
      body.replaceChildren(...(range ? sums(trace, range) : []));
    },
  };
}

/**
 * A whole range goes to the store, two empty fields end it, and a wrong number is named.
 * @param {Store} store @param {HTMLInputElement[]} fields @param {HTMLElement} note
 * @param {number} steps of the sequence
 */
function readFields(store, fields, note, steps) {
  const values = fields.map((one) => (one.value.trim() === "" ? NaN : Number(one.value)));
  const wrong = judge(fields, note, steps);
  if (values.every((value) => Number.isNaN(value))) store.dispatch({ type: "kept/range", range: null });
  else if (!wrong && !values.some(Number.isNaN)) store.dispatch({ type: "kept/range", range: [values[0], values[1]] });
}

/**
 * The first number that is no step, named in the note, or nothing.
 * @param {HTMLInputElement[]} fields @param {HTMLElement} note @param {number} steps
 */
function judge(fields, note, steps) {
  const what = (/** @type {HTMLInputElement} */ { name }) => ({
    ...{ name, last: steps - 1 },
    ...{ remedy: "choose a step of the sequence", empty: true },
  });
  const problems = fields.map((one) => wholeProblem(one.value, what(one)));
  const wrong = fields.find((_, at) => problems[at]);
  note.textContent = problems.find(Boolean) ?? "";
  for (const one of fields) one.setAttribute("aria-invalid", String(one === wrong));
  return wrong;
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
