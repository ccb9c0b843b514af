// Panel 5: the chosen step in numbers, with the pinned steps beside it; what is chosen, each with a way to let go.

import { find, html, markPanel, whenChanged } from "../../draw/layers/dom.js";
import { counted, readable } from "../../draw/numbers.js";
import { MOST_PINS } from "../../state/reducers/kept.js";
import { chosenStep } from "../../state/selectors.js";
import { story } from "../../state/shown.js";
import { unlike } from "../../state/selectors/comparison.js";
import { besides } from "../ranges/selector.js";
import { readingsTable } from "./readings_layer.js";
import { factRows } from "./selector.js";
import { readingsOf, sequenceName } from "../../wire/trace.js";

const LIVE_PAINT_MS = 100;

/**
 * @param {Store} store
 * @returns {import("../../draw/painter.js").Panel}
 */
export function createDetail(store) {
  const root = find("[data-testid=step-detail]");
  const body = find(".panel-body", root);
  const title = find("h2", root);
  const pin = /** @type {HTMLButtonElement} */ (find("#pin", root));
  const changed = whenChanged();
  pin.addEventListener("click", () => store.dispatch({ type: "kept/pin", step: Number(pin.value) }));
  return {
    every: LIVE_PAINT_MS,
    together: true,
    paint(state) {
      const { trace, state: freshness } = story(state);
      if (!trace) return markPanel(root, { state: freshness });
      markPanel(root, { update: trace.update, state: freshness });
      const step = chosenStep(state, trace);
      if (!changed(trace, step, state.choice, state.pins, state.range, state.baseline)) return;
      title.textContent = step === null ? "This step" : `Step ${step}`;
      paintPin(pin, step, state.pins);
      if (step === null)
        return body.replaceChildren(
          html("p", { class: "quiet" }, "Choose a step in any picture: its readings and losses stand here."),
        );
      const steps = besides(state, trace, step);
      body.replaceChildren(
        chips(state, store),
        facts(trace, steps),
        readingsTable(trace, step, state.choice.memory, store),
        ...theirs(state, trace, step),
        reliability(trace),
      );
    },
  };
}

/** @param {HTMLButtonElement} button @param {number | null} step @param {number[]} pins */
function paintPin(button, step, pins) {
  const held = step !== null && pins.includes(step);
  button.hidden = step === null;
  button.value = String(step);
  button.textContent = held ? "Unpin" : "Pin";
  button.setAttribute("aria-pressed", String(held));
  button.disabled = !held && pins.length === MOST_PINS;
  button.title = button.disabled
    ? `${MOST_PINS} steps are pinned already; release one first`
    : "keep this step beside the others (P)";
}

/** A column for the chosen step, then one for each pin. @param {Trace} trace @param {number[]} steps */
function facts(trace, steps) {
  const head = html(
    "tr",
    {},
    html("th", { scope: "col" }, "step"),
    ...steps.map((step) => html("th", { scope: "col" }, String(step))),
  );
  return html(
    "table",
    { class: "facts", "data-steps": steps.join(" "), "data-columns": steps.length },
    steps.length > 1 && html("thead", {}, head),
    html(
      "tbody",
      {},
      ...factRows(trace, steps).map(({ name, values }) =>
        html(
          "tr",
          {},
          html("th", { scope: "row" }, name),
          ...values.map((value, place) => html("td", { "data-fact": `${name} ${steps[place]}` }, value)),
        ),
      ),
    ),
  );
}

/**
 * What the baseline reads at the same step, where the two may be compared.
 * @param {State} state @param {Trace} trace @param {number} step
 */
function theirs({ baseline }, trace, step) {
  const base = baseline?.trace;
  if (!baseline || !base || base === trace || unlike(trace, base, baseline.name)) return [];
  const read = readingsOf(base, step)
    .filter(({ weight }) => weight !== 0)
    .map(({ source, weight }) => `${source === -1 ? "∅" : `step ${source}`} ${readable(weight, 3)}`);
  return [
    html(
      "p",
      { class: "quiet", "data-baseline-reads": step },
      html("i", { class: "baseline-key", "aria-hidden": "true" }),
      `${baseline.name} reads here: ${read.length ? read.join(", ") : "nothing"}.`,
    ),
  ];
}

/** What is chosen, each with a way to let go. @param {State} state @param {Store} store */
function chips({ choice, pins, range }, store) {
  const chip = (/** @type {string} */ text, /** @type {Action} */ release) =>
    html(
      "button",
      { type: "button", class: "chip", "aria-label": `release ${text}`, onclick: () => store.dispatch(release) },
      `${text} ×`,
    );
  return html(
    "p",
    { class: "chips" },
    choice.step !== null && chip(`step ${choice.step}`, { type: "view/step", step: null, memory: choice.memory }),
    choice.memory !== null &&
      chip(choice.memory === -1 ? "empty memory" : `memory ${choice.memory}`, {
        type: "view/memory",
        memory: choice.memory,
      }),
    ...pins.map((step) => chip(`pin ${step}`, { type: "kept/pin", step })),
    range && chip(`steps ${range[0]}–${range[1]}`, { type: "kept/range", range: null }),
  );
}

/** One example is not a trend. @param {Trace} trace */
function reliability(trace) {
  const hits = Object.values(trace.hits).filter((hit) => hit !== null);
  const count = hits.length
    ? `Its readers found their true source ${hits.filter(Boolean).length} of ${hits.length} times. `
    : "";
  const broken = trace.nonfinite
    ? `${counted(trace.nonfinite, "number")} ${trace.nonfinite === 1 ? "is" : "are"} not finite. `
    : "";
  return html("p", { class: "quiet" }, `${broken}Of ${sequenceName(trace)}. ${count}One example is not a trend.`);
}
