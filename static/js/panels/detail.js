// Panel 5: the chosen step in numbers.

import { find, html, markPanel, whenChanged } from "../layers/dom.js";
import { readable } from "../numbers.js";
import { chosenStep, story } from "../selectors.js";
import { readingsOf, symbol } from "../trace.js";

const LIVE_PAINT_MS = 100;

/**
 * @param {Store} store
 * @returns {import("../painter.js").Panel}
 */
export function createDetail(store) {
  const root = find("[data-testid=step-detail]");
  const body = find(".panel-body", root);
  const title = find("h2", root);
  const changed = whenChanged();
  return {
    every: LIVE_PAINT_MS,
    together: true,
    paint(state) {
      const { trace, state: freshness } = story(state);
      if (!trace) return markPanel(root, { state: freshness });
      markPanel(root, { update: trace.update, state: freshness });
      const step = chosenStep(state, trace);
      if (!changed(trace, step, state.choice.memory, state.choice.step)) return;
      title.textContent = step === null ? "This step" : `Step ${step}`;
      if (step === null) return body.replaceChildren(html("p", { class: "quiet" }, "Choose a step in any picture: its readings and losses stand here."));
      body.replaceChildren(facts(trace, step), readings(trace, step, state.choice.memory, store), chips(state, store), reliability(trace));
    },
  };
}

/** @param {Trace} trace @param {number} step */
function facts(trace, step) {
  const sources = trace.true_sources[String(step)] ?? [];
  const target = trace.targets[step];
  const none = target === null || target === undefined;
  const right = none || !Number.isInteger(target) ? null : trace.predictions[step] === target;
  const says = `${symbol(trace, trace.predictions[step])}${right === null ? "" : right ? " ✓" : " ✗"}`;
  /** @type {[string, string][]} */
  const rows = [
    ["input", symbol(trace, trace.inputs[step])],
    ["target", none ? "none" : symbol(trace, target)],
    ["says", says],
    ["loss", readable(trace.loss_T[step], 4)],
    ["true source", sources.length ? sources.map((source) => `step ${source}`).join(", ") : "none"],
  ];
  return html("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [html("dt", {}, name), html("dd", {}, value)]));
}

/** @param {Trace} trace @param {number} step @param {number | null} memory @param {Store} store */
function readings(trace, step, memory, store) {
  const found = readingsOf(trace, step);
  if (found.length === 0) return html("p", { class: "quiet" }, "No memory is read at this step.");
  const credit = new Map(trace.edges.filter((edge) => edge.kind === "skip" && edge.reader === step).map((edge) => [edge.source, edge.credit]));
  const rows = found.map(({ source, weight }) => {
    const name = source === -1 ? "∅ empty" : `step ${source}`;
    const choose = html("button", { type: "button", class: "link", "aria-pressed": String(memory === source), onclick: () => store.dispatch({ type: "view/memory", memory: source }) }, name);
    return html("tr", {},
      html("td", {}, choose),
      html("td", { class: "bar" }, html("i", { style: `width:${Math.round(Math.max(weight, 0) * 100)}%` }), html("span", {}, readable(weight, 3))),
      html("td", {}, source === -1 ? "–" : readable(credit.get(source) ?? 0, 3)));
  });
  return html("table", { class: "readings" },
    html("thead", {}, html("tr", {}, html("th", {}, "memory"), html("th", {}, "weight"), html("th", {}, "credit"))),
    html("tbody", {}, ...rows));
}

/** What is chosen, each with a way to let go. @param {State} state @param {Store} store */
function chips({ choice }, store) {
  const chip = (/** @type {string} */ text, /** @type {() => void} */ release) =>
    html("button", { type: "button", class: "chip", "aria-label": `release ${text}`, onclick: release }, `${text} ×`);
  return html("p", { class: "chips" },
    choice.step !== null && chip(`step ${choice.step}`, () => store.dispatch({ type: "view/step", step: null, memory: choice.memory })),
    choice.memory !== null && chip(choice.memory === -1 ? "empty memory" : `memory ${choice.memory}`, () => store.dispatch({ type: "view/memory", memory: choice.memory })));
}

/** One example is not a trend. @param {Trace} trace */
function reliability(trace) {
  const hits = Object.values(trace.hits);
  const count = hits.length ? `Its readers found their true source ${hits.filter(Boolean).length} of ${hits.length} times. ` : "";
  const broken = trace.nonfinite ? `${trace.nonfinite} numbers are not finite. ` : "";
  return html("p", { class: "quiet" }, `${broken}Example ${trace.example}. ${count}One example is not a trend.`);
}
