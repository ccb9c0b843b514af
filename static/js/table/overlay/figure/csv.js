// The curves of an overlay as a file of numbers: one row for each update of each curve, exactly as drawn before any
// smoothing, and before points are thinned for the screen. Pure.

import { csvText } from "../../../draw/csv.js";
import { shownNames } from "../facts.js";

const COLUMNS = ["update", "metric", "curve", "mean", "low", "high", "n"];

/**
 * @param {import("../curves/chart.js").Chart} chart @param {Table.Overlay} overlay
 * @param {readonly string[]} caption the sentences below the picture
 * @returns {string} `# …` lines, the header, the rows; LF
 */
export function overlayCsv(chart, overlay, caption) {
  const curves = chart.curves.filter(({ key }) => !overlay.off.includes(key));
  const head = [
    "Learning curves of runs over one another, from the SAB Visualiser.",
    "mean, low and high are over the n runs of a curve that have a value at the update; nothing is smoothed.",
    ...caption.filter((sentence) => !sentence.startsWith("Smoothed")),
    ...curves.map(({ label, runs }) => `curve ${label}: ${runs.map(({ id }) => id).join(" ")}`),
  ];
  const rows = shownNames(chart, overlay).flatMap((name) =>
    curves.flatMap((curve) => {
      const { x, mean, low, high, n } = name === "loss" ? curve.loss : curve.metric;
      return x.map((update, place) =>
        [update, name, csvText(curve.label), mean[place], low[place], high[place], n[place]].join(","),
      );
    }),
  );
  return [...head.map((line) => `# ${line.replace(/\s+/g, " ")}`), COLUMNS.join(","), ...rows, ""].join("\n");
}
