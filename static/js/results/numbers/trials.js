// One trial: how it stands, and its figure by any metric. Pure.

const LIVE = new Set(["queued", "running", "paused"]);
const BADLY = new Set(["failed", "diverged"]);
const LEARNED = "learned";

/** @param {Pick<Results.Row, "status">} row */
export const isLive = ({ status }) => LIVE.has(status);
/** @param {Pick<Results.Row, "status">} row */
export const isTrouble = ({ status }) => BADLY.has(status);
/** @param {Pick<Results.Row, "verdict">} row */
export const hasLearned = ({ verdict }) => verdict === LEARNED;

/** Figures that every trial has beside those of its task. @type {readonly Results.Metric[]} */
const OWN = [
  { name: "learned", better: "higher", unit: "", about: "share of trials that learned" },
  { name: "best", better: "higher", unit: "", about: "best value of any look at unseen examples" },
  { name: "updates", better: "lower", unit: "", about: "updates made; fewer where a trial came to its goal" },
  { name: "seconds", better: "lower", unit: "s", about: "seconds that the updates took" },
];

/**
 * All metrics there are to choose from, the most telling first; `best` only where all trials have the same one.
 * @param {Pick<Wire.GroupResults, "metrics" | "rows">} results
 * @returns {Results.Metric[]}
 */
export function metricsOf({ metrics, rows }) {
  const fresh = metrics.map(({ name, better, unit }) => ({
    name,
    better,
    unit,
    about: "at the last look at unseen examples",
  }));
  const bests = new Set(rows.flatMap(({ best }) => (best ? [best.metric] : [])));
  const of = fresh.find(({ name }) => bests.has(name));
  const own = OWN.filter(({ name }) => name !== "best" || bests.size === 1);
  return [...fresh, ...own.map((one) => (one.name === "best" && of ? { ...one, better: of.better } : one))];
}

/**
 * The figure of a trial; null where it has none.
 * @param {Results.Row} row @param {string} metric @returns {number | null}
 */
export function figureOf(row, metric) {
  switch (metric) {
    case "learned":
      // What ended without a verdict has not learned; what still trains may.
      return row.verdict === null && isLive(row) ? null : Number(hasLearned(row));
    case "best":
      return row.best?.value ?? null;
    case "updates":
      return row.update;
    case "seconds":
      return row.seconds;
    default:
      return row.fresh[metric] ?? null;
  }
}
