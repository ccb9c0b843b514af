// How curves are drawn: one line a run or a mean over seeds, which values, which axes, how smooth.

import { find, html, offer } from "../../draw/layers/dom.js";
import { say } from "../rows/row_layer.js";
import { examplesOf, isLog, shownNames } from "./facts.js";

/** @typedef {import("./curves/chart.js").Chart} Chart */

/** @param {HTMLElement} root @param {Table.Store} store @returns {(chart: Chart, overlay: Table.Overlay) => void} */
export function createOptions(root, store) {
  const form = /** @type {HTMLFormElement} */ (find("#overlay-tools", root));
  listen(form, store);
  const part = partOf(form);
  return (chart, overlay) => {
    const { metric, metrics, from } = chart;
    part("lines").value = overlay.lines;
    offer(part("from"), froms(chart));
    part("from").value = from;
    offer(part("show"), shows(metric));
    part("show").value = metric === null ? "loss" : overlay.show;
    offer(
      part("metric"),
      metrics.map(([name, runs]) => [name, `${name} (${runs} ${runs === 1 ? "run" : "runs"})`]),
    );
    if (metric !== null) part("metric").value = metric;
    find("#metric-pick", form).hidden = metrics.length < 2;
    part("smooth").value = String(overlay.smooth);
    say(find("output", form), String(overlay.smooth));
    paintScales(find(".scales", form), shownNames(chart, overlay), overlay);
  };
}

/** @param {HTMLFormElement} form @returns {(name: string) => HTMLSelectElement} */
const partOf = (form) => (name) => find(`[name=${name}]`, form);

/** @param {Chart} chart @returns {[string, string][]} */
const froms = ({ runs, leftOut }) => [
  ["fresh", examplesOf(runs.filter((run) => !leftOut.includes(run)))],
  ["training", "training batch"],
];

/** @param {string | null} metric @returns {[string, string][]} */
const shows = (metric) =>
  metric === null
    ? [["loss", "loss"]]
    : [
        ["both", `loss and ${metric}`],
        ["loss", "loss"],
        ["metric", metric],
      ];

/** @param {HTMLFormElement} form @param {Table.Store} store */
function listen(form, store) {
  const part = partOf(form);
  const turn = (/** @type {Partial<Table.Overlay>} */ options) => store.dispatch({ type: "overlay", options });
  const on = (/** @type {string} */ name, /** @type {(value: string) => Partial<Table.Overlay>} */ options) =>
    part(name).addEventListener("change", () => turn(options(part(name).value)));
  form.addEventListener("submit", (event) => event.preventDefault());
  on("lines", (value) => ({ lines: value === "each" ? "each" : "mean", off: [] }));
  on("from", (value) => ({ from: value === "fresh" ? "fresh" : "training" }));
  on("show", (value) => ({ show: value === "loss" || value === "metric" ? value : "both" }));
  on("metric", (value) => ({ metric: value }));
  part("smooth").addEventListener("input", () => turn({ smooth: Number(part("smooth").value) }));
  find(".scales", form).addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    turn({ log: { ...store.get().overlay.log, [box.name]: box.checked } });
  });
}

/** @param {HTMLElement} scales @param {string[]} names @param {Table.Overlay} overlay */
function paintScales(scales, names, overlay) {
  const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (scales.querySelectorAll("input"));
  if ([...boxes].map(({ name }) => name).join() !== names.join()) {
    for (const label of scales.querySelectorAll("label")) label.remove();
    scales.append(
      ...names.map((name) => html("label", { class: "check" }, html("input", { type: "checkbox", name }), name)),
    );
  }
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (scales.querySelectorAll("input")))
    box.checked = isLog(overlay, box.name);
}
