// Which rows of a long list are in view, so that no others are in the page. Pure.

/** Rows kept beyond each edge, so that a short scroll or a press of Tab finds them there. */
const BEYOND = 6;

/**
 * @typedef {{count: number, row: number, open: number | null, editor: number}} Sizes how many rows, how high one is,
 *   px; the row below which an editor stands, and how high that is
 * @typedef {{from: number, to: number, before: number, after: number}} Span rows, `to` not included, and the heights of
 *   what is left out above and below, px
 */

/**
 * @param {Sizes} sizes
 * @param {{top: number, height: number}} view what is scrolled past, and what is seen, px
 * @returns {Span}
 */
export function spanOf({ count, row, open, editor }, { top, height }) {
  const more = open === null ? 0 : editor;
  const place = (/** @type {number} */ index) => index * row + (open !== null && index > open ? more : 0);
  const at = (/** @type {number} */ px) => {
    if (open === null || px < (open + 1) * row) return Math.floor(px / row);
    return Math.max(open, Math.floor((px - more) / row));
  };
  const last = Math.max(count - 1, 0);
  const first = Math.min(Math.max(at(top), 0), last);
  const from = Math.max(first - BEYOND, 0);
  const to = Math.min(Math.max(at(top + height), first) + 1 + BEYOND, count);
  return { from, to, before: place(from), after: place(count) - place(to) };
}

/**
 * Where to scroll so that a row is seen whole; null where it is.
 * @param {number} index @param {Sizes} sizes @param {{top: number, height: number}} view @param {number} head px that
 *   the head of the table covers
 */
export function scrollTo(index, { row, open, editor }, { top, height }, head) {
  const place = index * row + (open !== null && index > open ? editor : 0);
  if (place < top) return place;
  if (place + row > top + height - head) return place + row - height + head;
  return null;
}
