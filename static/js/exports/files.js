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
import { at } from "../wire/link/root.js";

/** @typedef {PagePanel | ListPanel | "view"} FilePanel "view" is all panels in one page */

const PLOTS = { attention: "attention", gradients: "gradient-norms", curves: "curves" };
const DRAWINGS = { paths: "paths", sequence: "sequence-strip", overview: "overview" };
/** Pictures for a paper, drawn by the server. */
const FIGURE = ["png", "svg", "pdf", "pgf"];
const SCREEN = ["screen-png", "screen-svg"];
const TABLES = ["csv", "json"];
/** What the page makes itself, with or without a server. */
const HERE = [...SCREEN, ...TABLES];
const OTHERS = ["npz", "parquet", "html"];
/** Letters of a link that the server takes along. */
const MOST_HASH = 1980;
const NO_CURVES = "there are no curves yet: press Train, or choose a run";
const NO_LOOKS = "nobody has looked at a training yet: press Train, or choose a run";
const NO_PICTURE = "nothing is shown yet; wait for the first picture";
const NO_STEP = "no step is chosen: choose one in any picture";
const A_DIFFERENCE = "a difference is exported as you see it: choose PNG or SVG of the screen, CSV or JSON";

/** @type {Record<FilePanel, string[]>} the formats that a panel has */
export const FORMATS = {
  attention: [...FIGURE, ...HERE, ...OTHERS],
  gradients: [...FIGURE, ...HERE, ...OTHERS],
  paths: [...FIGURE, ...HERE, ...OTHERS],
  curves: [...FIGURE, ...HERE, ...OTHERS],
  // What the panel draws small for each figure, the server draws as one picture.
  health: [...FIGURE, ...TABLES, ...OTHERS],
  sequence: HERE,
  step: HERE,
  overview: HERE,
  proof: TABLES,
  runs: TABLES,
  view: ["html"],
};

/** Whether a file is made in the page, so that it needs no server. @param {string} format */
export const madeHere = (format) => HERE.includes(format);

/** Whether a file is a figure that can be drawn in many ways. @param {FilePanel} panel @param {string} format */
export const isFigure = (panel, format) => FIGURE.includes(format) && FORMATS[panel].includes(format);

/**
 * Why there is nothing to make a file of; empty where there is.
 * @param {State} state @param {FilePanel} panel @param {string} format
 */
export function whyNot(state, panel, format) {
  if (panel === "proof" || panel === "runs") return listMissing(panel, state);
  if (panel === "curves" && state.metrics.update.length === 0) return NO_CURVES;
  if (panel === "health" && state.looks.update.length === 0) return NO_LOOKS;
  const trace = shownTrace(state, panel);
  if (!trace && !OF_TRAINING.has(panel)) return NO_PICTURE;
  if (panel === "step" && chosenStep(state, trace) === null) return NO_STEP;
  return panel === "attention" && trace?.versus && !madeHere(format) ? A_DIFFERENCE : "";
}

/** @param {State} state @param {FilePanel} panel */
export function shownTrace(state, panel) {
  if (panel !== "attention") return story(state).trace;
  const { trace } = picture(state);
  return trace && compared(state, trace).trace;
}

/** @param {ListPanel} panel @param {State} state */
function listMissing(panel, state) {
  try {
    listTable(panel, state);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * @param {State} state @param {FilePanel} panel @param {string} format @param {Theme} theme
 * @param {Record<string, string>} words of the query, which say how a figure is drawn
 * @returns {Promise<Blob>}
 */
export async function fileOf(state, panel, format, theme, words = {}) {
  if (panel === "proof" || panel === "runs")
    return textFile(listTable(panel, state), listCaption(panel, state), format);
  const why = whyNot(state, panel, format);
  if (why) throw new Error(why);
  const trace = shownTrace(state, panel);
  if (!madeHere(format)) return fromServer(serverUrl(state, panel, format, trace, words));
  const caption = captionOf(state, /** @type {PagePanel} */ (panel));
  return format === "csv" || format === "json"
    ? textFile(tableOf(/** @type {PagePanel} */ (panel), trace, state, chosenStep(state, trace)), caption, format)
    : screenPicture(state, /** @type {PagePanel} */ (panel), format, theme, captionLine(state, caption));
}

/** What a file of a panel says about itself. @param {State} state @param {PagePanel} panel */
export function captionOf(state, panel) {
  const [spec, { target, metrics, run }] = [specOf(state), state];
  return OF_TRAINING.has(panel)
    ? metricsCaption(target?.id ?? "", metrics, spec, target?.kind, run?.parameters, panel)
    : traceCaption(panel, /** @type {Trace} */ (shownTrace(state, panel)), spec, state.cell);
}

/**
 * What one sees, as it is drawn in the page.
 * @param {State} state @param {PagePanel} panel @param {string} format @param {Theme} theme @param {string} line
 */
function screenPicture(state, panel, format, theme, line) {
  const kind = format === "screen-svg" ? "svg" : "png";
  if (panel === "attention" || panel === "gradients" || panel === "curves")
    return plotBlob(find(`[data-testid=${PLOTS[panel]}]`), kind, theme, line);
  const drawing =
    panel === "step"
      ? stepFile(state, /** @type {Trace} */ (shownTrace(state, panel)), theme, line)
      : standalone(
          find(`[data-testid=${DRAWINGS[/** @type {keyof typeof DRAWINGS} */ (panel)]}] svg.drawing`),
          theme,
          line,
        );
  return kind === "svg" ? new Blob([drawing.text], { type: "image/svg+xml" }) : rasterise(drawing);
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
  if (step === null) throw new Error(NO_STEP);
  const { drawing, ...size } = stepPicture(trace, besides(state, trace, step), theme);
  return standalone(drawing, theme, line, size);
}

/** @param {string} url */
async function fromServer(url) {
  const answer = await fetch(at(url));
  if (answer.ok) return answer.blob();
  /** @type {Partial<Problem> | null} */
  const problem = await answer.json().catch(() => null);
  throw new Error(problem?.detail ?? `the server answered with status ${answer.status}`);
}

/**
 * The same view on the server.
 * @param {State} state @param {FilePanel} panel @param {string} format @param {Trace | null} trace
 * @param {Record<string, string>} words which say how a figure is drawn
 */
export function serverUrl(state, panel, format, trace, words = {}) {
  const query = new URLSearchParams({ panel, format, ...words });
  const { target } = state;
  if (!target) throw new Error("nothing is shown yet");
  if (trace?.versus && panel === "attention") throw new Error(A_DIFFERENCE);
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
