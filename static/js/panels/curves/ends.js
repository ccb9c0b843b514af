// Names beside the ends of learning curves: this network, the baseline that is laid over it, and chance. Pure.

/** Between the middles of two names. */
const APART_PX = 13;
const LETTERS = 13;
/** What stands for a name that has no room; the line above the list of runs has the whole of it. */
const LONG = "baseline";
/** Share of the axis that a name takes: lines that end farther apart have room for theirs. */
const BESIDE = 0.3;

/**
 * @typedef {{name: string, points: {x: number[], y: number[]}, color: string}} NamedCurve
 */

/**
 * Annotations of one pair of axes; names of lines that end close together stand above one another.
 * @param {NamedCurve[]} curves
 * @param {{yref: "y" | "y2", log: boolean, span: number, px: number}} axis `span` is the height of the axis in its own
 *   units (decades on a log axis), `px` on the screen
 * @returns {PlotAnnotation[]}
 */
export function endLabels(curves, { yref, log, span, px }) {
  const ends = curves
    .filter(({ points }) => points.x.length > 0)
    .map(({ name, points, color }) => {
      const value = points.y[points.y.length - 1];
      return {
        name: name.length > LETTERS ? LONG : name,
        color,
        x: points.x[points.x.length - 1],
        y: log ? Math.log10(value) : value,
      };
    })
    .filter(({ y }) => Number.isFinite(y));
  const lastX = Math.max(...ends.map(({ x }) => x));
  const beside = ends.filter(({ x }) => x > lastX * (1 - BESIDE)).sort((a, b) => a.y - b.y);
  const wanted = beside.map(({ y }) => (y / span) * px);
  const places = apart(wanted);
  return ends.map((end) => {
    const { name, color, x, y } = end;
    const rank = beside.indexOf(end);
    return {
      text: name,
      x,
      y,
      xref: "x",
      yref,
      xanchor: "left",
      yanchor: "middle",
      showarrow: false,
      xshift: 3,
      yshift: rank < 0 ? 0 : Math.round(places[rank] - wanted[rank]),
      font: { color, size: 10 },
    };
  });
}

/**
 * Places that keep apart: those that are too close spread around their middle.
 * @param {number[]} wanted px, rising
 */
function apart(wanted) {
  const groups = /** @type {number[][]} */ ([]);
  const middle = (/** @type {number[]} */ group) => group.reduce((sum, place) => sum + place, 0) / group.length;
  const half = (/** @type {number[]} */ group) => ((group.length - 1) / 2) * APART_PX;
  for (const place of wanted) {
    let group = [place];
    for (let last = groups.at(-1); last; last = groups.at(-1)) {
      if (middle(group) - half(group) - middle(last) - half(last) >= APART_PX) break;
      group = [...last, ...group];
      groups.pop();
    }
    groups.push(group);
  }
  return groups.flatMap((group) => group.map((_, rank) => middle(group) - half(group) + rank * APART_PX));
}
