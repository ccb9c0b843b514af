// What guessing gives, as a level on each axis. Pure.

/** What guessing gives by the name of the metric, `loss` among them; nothing is drawn of what is not known. */
/** @typedef {Record<string, number>} Chance */

const DASH = "2px,3px";

/**
 * Levels on the axis of the loss and of the metric, null where nobody knows them.
 * @param {Chance | null} chance @param {string | null} name of the metric
 */
export function levels(chance, name) {
  const level = (/** @type {string | null} */ key) => (key === null ? null : (chance?.[key] ?? null));
  return { loss: level("loss"), metric: level(name) };
}

/** @param {number | null} level @param {"y" | "y2"} axis @param {Theme} theme @returns {PlotShape[]} */
export const chanceLine = (level, axis, theme) =>
  level === null
    ? []
    : [
        {
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          yref: axis,
          y0: level,
          y1: level,
          line: { color: theme.muted, dash: DASH, width: 1 },
        },
      ];
