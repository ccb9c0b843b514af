// Recounts of what is said of results, from the trials themselves: nothing here knows how the page counts.

import { howMany } from "./sceptic.js";
import { awkward, row, shown } from "./results.js";

export const LIVE = ["queued", "running", "paused"];
export const SETTINGS = ["model.k_top", "model.k_trunc", "model.k_att"];
/** @typedef {{name: string, of: Results.Row[], figures: number[], mean: number}} Kind */

export const extra = [
  shown([row(1, { "model.k_top": 1 }, 0.5, { status: "running" }), row(2, { "model.k_top": 2 }, 0.5)]),
  ...[0.2, 0.9].map((worst) =>
    shown([
      ...[0.95, 0.9].map((figure, seed) => row(seed, { "model.k_top": 5, "training.seed": seed }, figure)),
      ...[0.5, worst].map((figure, seed) => row(9 + seed, { "model.k_top": 1, "training.seed": seed }, figure)),
    ]),
  ),
  ...[1, 2].map((att) => shown(cube(), { held: { "model.k_att": String(att) } })),
  shown(cube()),
  shown(cube(12)),
  shown([]),
];
export const cases = [...awkward(1500), ...extra];

/** Three knobs, so that one of them is none of the two axes. @param {number} [most] values of the second */
export function cube(most = 2) {
  return [1, 2].flatMap((att) =>
    Array.from({ length: most }, (_, trunc) => trunc + 1).flatMap((trunc) =>
      Array.from({ length: most + 1 }, (_, top) => top + 1).map((top) =>
        row(att * 10000 + trunc * 100 + top, { "model.k_top": top, "model.k_trunc": trunc, "model.k_att": att }, 0.4),
      ),
    ),
  );
}

/** @param {Results.Row} one @param {Results.View} view */
export const figure = ({ fresh }, { main }) => fresh[main.name] ?? null;

/** @param {Results.Row} one @param {string} path */
export const spelt = ({ values }, path) =>
  path === "model.k_top" && values[path] === 10000
    ? "all"
    : path === "model.k_trunc" && values[path] === 0
      ? "∞"
      : String(values[path]);

/** @param {Results.View} view @returns {Kind[]} settings with any figure, the best first */
export function kindsOf(view) {
  const paths = SETTINGS.filter((path) => view.all.some(({ values }) => path in values));
  const kinds = /** @type {Map<string, Results.Row[]>} */ (new Map());
  for (const one of view.rows) {
    const name = paths.map((path) => `${path.slice(6)} ${spelt(one, path)}`).join(", ") || "the one setting";
    kinds.set(name, [...(kinds.get(name) ?? []), one]);
  }
  return [...kinds].map(([name, of]) => {
    const figures = of.map((one) => figure(one, view)).filter((value) => value !== null);
    return { name, of, figures, mean: figures.reduce((sum, value) => sum + value, 0) / figures.length };
  });
}

/** @param {Results.View} view */
export function ranking(view) {
  const sign = view.main.name === "accuracy" ? -1 : 1;
  return kindsOf(view)
    .filter(({ figures }) => figures.length)
    .sort((a, b) => sign * (a.mean - b.mean));
}
export const close = (/** @type {number} */ a, /** @type {number} */ b) => Math.abs(a - b) < 1e-9;
export const best = (/** @type {Results.View} */ view) => ranking(view)[0];
export const ties = (/** @type {Results.View} */ view) =>
  ranking(view).filter(({ mean }) => close(mean, best(view).mean)).length;
export const live = (/** @type {Results.View} */ view) => view.rows.some(({ status }) => LIVE.includes(status));
export const lost = (/** @type {Results.Row} */ { status }) => status === "failed" || status === "diverged";
export const learned = (/** @type {Results.View} */ view) =>
  view.rows.filter(({ verdict }) => verdict === "learned").length;
export const count = (/** @type {string} */ told, /** @type {number} */ wanted) => howMany(told) === wanted;
export const better = (/** @type {Results.View} */ view, /** @type {number} */ a, /** @type {number} */ b) =>
  view.main.name === "accuracy" ? a > b : a < b;
/** Trials that are told as seeds all have one of their own. @param {Kind} kind @param {string} over */
export const overIs = ({ of, figures }, over) =>
  howMany(over) === figures.length &&
  (!over.includes("seed") ||
    (new Set(of.map(({ values }) => values["training.seed"])).size === of.length && "training.seed" in of[0].values));

/** Trials by their place on the two axes. @param {Results.View} view */
export function places(view) {
  const found = /** @type {Map<string, Results.Row[]>} */ (new Map());
  for (const one of view.rows) {
    const key = [view.x, view.y].map((axis) => axis && spelt(one, axis.path)).join("|");
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}
/** Whether trials of one place differ in more than the seed. @param {Results.View} view */
export const mixed = (view) =>
  places(view).some((rows) => new Set(rows.map((one) => SETTINGS.map((path) => spelt(one, path)).join())).size > 1);

/** Means of the places that have any figure, by the metric that is shown. @param {Results.View} view */
export const means = (view) =>
  view.cells
    .filter(({ n }) => n > 0)
    .map(({ rows }) => {
      const figures = rows.map(shownFigure(view)).filter((value) => value !== null);
      return figures.reduce((sum, value) => sum + value, 0) / figures.length;
    });
/** @param {Results.View} view @returns {(one: Results.Row) => number | null} */
export const shownFigure =
  ({ metric }) =>
  (one) =>
    metric.name !== "learned"
      ? (one.fresh[metric.name] ?? null)
      : one.verdict === null && LIVE.includes(one.status)
        ? null
        : Number(one.verdict === "learned");
/** @param {Results.View} view */
export const top = (view) => (view.metric.better === "higher" ? Math.max(...means(view)) : Math.min(...means(view)));

/** How many values two settings have together. @param {Results.View} view */
export const squares = (view) =>
  [view.x, view.y].reduce(
    (all, axis) => all * (axis ? new Set(view.all.map((one) => spelt(one, axis.path))).size : 1),
    1,
  );
