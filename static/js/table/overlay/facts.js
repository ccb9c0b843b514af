// Facts about what the overlay draws, counted from the chart: the sentences below the picture need them. Pure.

import { PLAIN } from "../../draw/figures/log_ticks.js";
import { EXAMPLES } from "../../wire/contract.js";
import { hasLearned } from "../lines/grouping.js";
import { fewerFrom } from "./curves/mean.js";

const LIVE = new Set(["queued", "running", "paused"]);

/**
 * @typedef {{runs: number, copies: number, lines: number, bundled: number, alone: number, banded: number, learned:
 *   number, unjudged: number, live: number, fresh: boolean, width: number, pale: [label: string, update: number][],
 *   smooth: number, left: [metric: string, runs: number][], metric: string | null, blank: number, turned: number,
 *   zeros: boolean, shown: string[], chance: Record<string, number | null>, waiting: number, failed: number, why:
 *   string, beyond: number, unfresh: boolean, unseen: string}} Facts `lines` are curves of which anything is drawn;
 *   `bundled` of them are means over several runs, `banded` of these have a band somewhere, `alone` are single runs
 *   where others are means; `copies` of the runs are not drawn; `pale` are those that fewer runs go on with, and from
 *   where; `left` are runs of another metric; `shown` are the names of what the axes show; `unfresh`: fresh
 *   examples are wanted and there are none; `unseen`: what these examples are called, as a plural
 */

/**
 * @param {import("./curves/chart.js").Chart} chart @param {Table.State} state
 * @returns {Facts}
 */
export function factsOf(chart, { overlay, curves }) {
  const { metric } = chart;
  const elsewhere = new Set(chart.leftOut);
  const runs = chart.runs.filter((run) => !elsewhere.has(run));
  const shown = shownNames(chart, overlay);
  const series = (/** @type {import("./curves/chart.js").Curve} */ curve) =>
    shown.map((name) => (name === "loss" ? curve.loss : curve.metric));
  const drawn = chart.curves.filter(
    (curve) => !overlay.off.includes(curve.key) && series(curve).some(({ x }) => x.length > 0),
  );
  const bundled = drawn.filter((curve) => curve.runs.length > 1);
  return {
    runs: runs.length,
    copies: chart.copies.length,
    lines: drawn.length,
    bundled: bundled.length,
    alone: bundled.length ? drawn.length - bundled.length : 0,
    banded: bundled.filter((curve) => series(curve).some(({ n }) => n.some((count) => count > 1))).length,
    learned: runs.filter(hasLearned).length,
    unjudged: runs.filter(({ verdict }) => !verdict).length,
    live: runs.filter(({ status }) => LIVE.has(status)).length,
    fresh: chart.from === "fresh",
    unseen: examplesOf(runs),
    unfresh: chart.from === "fresh" && !chart.hasLooks,
    width: chart.width,
    pale: bundled.flatMap((curve) => paleFrom(curve.label, series(curve))),
    smooth: overlay.smooth,
    left: counted(chart.leftOut, metric),
    metric,
    blank: chart.blank,
    turned: chart.turned,
    zeros: drawn.some((curve) =>
      shown.some((name, place) => isLog(overlay, name) && series(curve)[place].low.some((value) => value <= 0)),
    ),
    shown,
    chance: chart.chance,
    waiting: chart.waiting,
    failed: chart.failed.length,
    why: chart.failed.map(({ id }) => curves.get(id)?.problem?.detail).find(Boolean) ?? "",
    beyond: chart.beyond,
  };
}

/** What the looks at these runs are at, in a word that is true of all of them. @param {RunView[]} runs */
export function examplesOf(runs) {
  const [words, ...others] = new Set(runs.map(({ spec }) => EXAMPLES[spec.task.name]));
  return words && others.length === 0 ? words : "unseen examples";
}

/** What the axes show, from the top. @param {Pick<import("./curves/chart.js").Chart, "metric">} chart
 * @param {Table.Overlay} overlay @returns {string[]} */
export function shownNames({ metric }, { show }) {
  const names = metric === null ? ["loss"] : ["loss", metric];
  if (show === "both") return names;
  return show === "metric" && metric !== null ? [metric] : ["loss"];
}

/** Whether an axis is logarithmic: shares and bits are not unless somebody wants it. @param {Table.Overlay} overlay
 * @param {string} name */
export const isLog = ({ log }, name) => log[name] ?? !PLAIN.has(name);

/** @param {string} label @param {import("./curves/mean.js").Mean[]} series @returns {[string, number][]} */
function paleFrom(label, series) {
  const places = series.flatMap((mean) => {
    const place = fewerFrom(mean);
    return place === null ? [] : [mean.x[place]];
  });
  return places.length ? [[label, Math.min(...places)]] : [];
}

/** The metrics of runs that are left out, and how many have each. @param {RunView[]} runs @param {string | null} metric
 * @returns {[string, number][]} */
function counted(runs, metric) {
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const { best, chance } of runs) {
    const name = best?.metric ?? Object.keys(chance).find((one) => one !== "loss" && one !== metric) ?? "no metric yet";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts];
}
