// A panel in a format, as the bytes of a file: pictures and tables of what one sees are made here, all else by the
// server.

import { DEFAULT_SHARE, PROBE_KNOBS } from "../wire/contract.js";
import { plotBlob, rasterise, standalone } from "../draw/layers/pictures.js";
import { stepPicture } from "../panels/step/picture_layer.js";
import { find } from "../draw/layers/dom.js";
import { chosenStep, wantedProbe } from "../state/selectors.js";
import { picture, story } from "../state/shown.js";
import { cuttingAsked } from "../state/cutting.js";
import { compared } from "../state/selectors/comparison.js";
import { canAsk } from "../state/selectors/history.js";
import { besides } from "../panels/ranges/selector.js";
import { toHash } from "../state/url/state.js";
import { captionLine, metricsCaption, specOf, traceCaption } from "./caption.js";
import { listCaption, listTable } from "./lists.js";
import { tableOf, toCsv, toJson } from "./tables.js";
import { OF_TRAINING } from "./training.js";

/** @typedef {PagePanel | ListPanel | "view"} FilePanel "view" is all panels in one page */

const PLOTS = { attention: "attention", gradients: "gradient-norms", curves: "curves" };
const DRAWINGS = { paths: "paths", sequence: "sequence-strip", overview: "overview" };
const HERE = ["png", "svg", "csv", "json"];
const SERVER = ["pdf", "html", "npz"];
/** Letters of a link that the server takes along. */
const MOST_HASH = 1980;
export const NO_CURVES = "there are no curves yet: press Train, or choose a run";
export const NO_LOOKS = "nobody has looked at a training yet: press Train, or choose a run";

/** @type {Record<FilePanel, string[]>} the formats that a panel has */
export const FORMATS = {
  attention: [...HERE, ...SERVER],
  gradients: [...HERE, ...SERVER],
  paths: [...HERE, ...SERVER],
  curves: [...HERE, ...SERVER],
  health: [...HERE, ...SERVER],
  sequence: HERE,
  step: HERE,
  overview: HERE,
  proof: ["csv", "json"],
  runs: ["csv", "json"],
  view: ["html"],
};

/** @param {State} state @param {FilePanel} panel */
export function shownTrace(state, panel) {
  if (panel !== "attention") return story(state).trace;
  const { trace } = picture(state);
  return trace && compared(state, trace).trace;
}

/**
 * @param {State} state @param {FilePanel} panel @param {string} format @param {Theme} theme @returns {Promise<Blob>}
 */
export async function fileOf(state, panel, format, theme) {
  if (panel === "proof" || panel === "runs")
    return textFile(listTable(panel, state), listCaption(panel, state), format);
  const trace = shownTrace(state, panel);
  if (panel === "curves" && state.metrics.update.length === 0) throw new Error(NO_CURVES);
  if (panel === "health" && state.looks.update.length === 0) throw new Error(NO_LOOKS);
  if (!trace && !OF_TRAINING.has(panel)) throw new Error("nothing is shown yet; wait for the first picture");
  if (panel === "view" || SERVER.includes(format)) return fromServer(state, panel, format, trace);
  const spec = specOf(state);
  const caption =
    panel === "curves" || panel === "health"
      ? metricsCaption(state.target?.id ?? "", state.metrics, spec, state.target?.kind, state.run?.parameters, panel)
      : traceCaption(panel, /** @type {Trace} */ (trace), spec, state.cell);
  if (format === "csv" || format === "json")
    return textFile(tableOf(panel, trace, state, chosenStep(state, trace)), caption, format);
  // What the panel draws small for each figure, the server draws as one picture.
  if (panel === "health") return fromServer(state, panel, format, trace);
  const line = captionLine(state, caption);
  if (panel === "attention" || panel === "gradients" || panel === "curves")
    return plotBlob(find(`[data-testid=${PLOTS[panel]}]`), format === "svg" ? "svg" : "png", theme, line);
  const drawing =
    panel === "step"
      ? stepFile(state, /** @type {Trace} */ (trace), theme, line)
      : standalone(find(`[data-testid=${DRAWINGS[panel]}] svg.drawing`), theme, line);
  return format === "svg" ? new Blob([drawing.text], { type: "image/svg+xml" }) : rasterise(drawing);
}

/** @param {import("./tables.js").Table} table @param {Caption} caption @param {string} format csv or json */
function textFile(table, caption, format) {
  return format === "csv"
    ? new Blob([toCsv(table, caption)], { type: "text/csv" })
    : new Blob([toJson(table, caption)], { type: "application/json" });
}

/**
 * The chosen step and those pinned beside it.
 * @param {State} state @param {Trace} trace @param {Theme} theme @param {string} line
 */
function stepFile(state, trace, theme, line) {
  const step = chosenStep(state, trace);
  if (step === null) throw new Error("no step is chosen: choose one in any picture");
  const { drawing, ...size } = stepPicture(trace, besides(state, trace, step), theme);
  return standalone(drawing, theme, line, size);
}

/** @param {State} state @param {FilePanel} panel @param {string} format @param {Trace | null} trace */
async function fromServer(state, panel, format, trace) {
  const answer = await fetch(serverUrl(state, panel, format, trace));
  if (answer.ok) return answer.blob();
  /** @type {Partial<Problem> | null} */
  const problem = await answer.json().catch(() => null);
  throw new Error(problem?.detail ?? `the server answered with status ${answer.status}`);
}

/**
 * The same view on the server.
 * @param {State} state @param {FilePanel} panel @param {string} format @param {Trace | null} trace
 */
export function serverUrl(state, panel, format, trace) {
  const query = new URLSearchParams({ panel, format });
  const { target } = state;
  if (!target) throw new Error("nothing is shown yet");
  if (trace?.versus && panel === "attention")
    throw new Error("a difference is exported as you see it: choose PNG, SVG, CSV or JSON");
  if (!OF_TRAINING.has(panel) && trace) {
    const wanted = wantedProbe(state);
    if (trace.own && !wanted?.inputs)
      throw new Error("the sequence of your own is still under way: wait for its picture");
    if (target.kind === "run" || !canAsk(state)) query.set("update", String(trace.update));
    if (!trace.own) query.set("example", String(trace.example));
    query.set("loss_step", trace.loss_step === null ? "" : String(trace.loss_step));
    for (const name of PROBE_KNOBS) if (wanted?.[name] !== undefined) query.set(name, String(wanted[name]));
    for (const [name, value] of Object.entries(cuttingAsked(state))) query.set(name, String(value));
    if (trace.knocked_out.length) query.set("knocked_out", trace.knocked_out.map((arc) => arc.join("-")).join("_"));
    if (trace.own) query.set("inputs", JSON.stringify(wanted?.inputs));
    if (state.cell && (panel === "gradients" || panel === "view")) query.set("cell", "true");
    if (trace.share !== DEFAULT_SHARE) query.set("share", String(trace.share));
  }
  const hash = toHash(state);
  if (format === "html" && hash.length < MOST_HASH) query.set("state", hash);
  if (target.kind === "run") return `/api/runs/${encodeURIComponent(target.id)}/export?${query}`;
  query.set(target.kind, target.id);
  return `/api/export?${query}`;
}
