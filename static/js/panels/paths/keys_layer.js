// The arcs as one tab stop: ← → go to the arc whose source is next, ↑ ↓ to the stronger or weaker one. Focus survives a
// redraw.

/** @typedef {import("./figure.js").Arc} Arc */
const MOVES = /** @type {Record<string, {by: number, of: (one: Arc, other: Arc) => number}>} */ ({
  ArrowLeft: { by: -1, of: (one, other) => one.source - other.source || one.reader - other.reader },
  ArrowRight: { by: 1, of: (one, other) => one.source - other.source || one.reader - other.reader },
  ArrowUp: { by: -1, of: (one, other) => other.credit - one.credit || one.reader - other.reader },
  ArrowDown: { by: 1, of: (one, other) => other.credit - one.credit || one.reader - other.reader },
  Home: { by: -Infinity, of: (one, other) => one.source - other.source || one.reader - other.reader },
  End: { by: Infinity, of: (one, other) => one.source - other.source || one.reader - other.reader },
});

/**
 * The arc that a key leads to, or null when the key is none of ours.
 * @param {Arc[]} arcs
 * @param {Arc} from
 * @param {string} key
 * @returns {Arc | null}
 */
export function nextArc(arcs, from, key) {
  const move = MOVES[key];
  if (!move) return null;
  const row = [...arcs].sort(move.of);
  const place = row.findIndex((arc) => arc.reader === from.reader && arc.source === from.source);
  return row[Math.min(Math.max(place + move.by, 0), row.length - 1)];
}

/** @param {{reader: number, source: number}} arc */
export const arcName = ({ reader, source }) => `${reader} ${source}`;

/**
 * What had the focus before a redraw gets it again.
 * @param {Element} drawing
 * @param {() => void} redraw
 */
export function keepingFocus(drawing, redraw) {
  const held =
    document.activeElement instanceof SVGElement && drawing.contains(document.activeElement)
      ? document.activeElement.dataset.arc
      : undefined;
  redraw();
  if (held !== undefined) focusArc(drawing, held);
}

/** @param {Element} drawing @param {string} name */
export function focusArc(drawing, name) {
  const arc = /** @type {SVGElement | null} */ (drawing.querySelector(`[data-arc="${name}"]`));
  if (!arc) return;
  drawing.querySelector("[data-arc][tabindex='0']")?.setAttribute("tabindex", "-1");
  arc.setAttribute("tabindex", "0");
  arc.focus({ preventScroll: true });
}
