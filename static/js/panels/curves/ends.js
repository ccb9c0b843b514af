// Names at the ends of learning curves, where two runs are laid over one another: this network and the baseline. Pure.

const CLOSE = 0.09;
const APART_PX = 7;
const LETTERS = 13;

/**
 * @typedef {{name: string, points: {x: number[], y: number[]}, color: string}} NamedCurve
 */

/**
 * Annotations of one pair of axes; names of lines that end close together stand above and below one another.
 * @param {NamedCurve[]} curves
 * @param {{yref: "y" | "y2", log: boolean, span: number}} axis `span` is the height of the axis in its own units
 *   (decades on a log axis)
 * @returns {PlotAnnotation[]}
 */
export function endLabels(curves, { yref, log, span }) {
  const ends = curves
    .filter(({ points }) => points.x.length > 0)
    .map(({ name, points, color }) => {
      const value = points.y[points.y.length - 1];
      return { name: short(name), color, x: points.x[points.x.length - 1], y: log ? Math.log10(value) : value };
    });
  const [first, second] = ends;
  const close = second !== undefined && Math.abs(first.y - second.y) < CLOSE * span;
  return ends.map(({ name, color, x, y }, index) => {
    const other = ends[1 - index];
    const up = close && other && (y > other.y || (y === other.y && index === 0));
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
      yshift: close ? (up ? APART_PX : -APART_PX) : 0,
      font: { color, size: 10 },
    };
  });
}

/** @param {string} name */
const short = (name) => (name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name);
