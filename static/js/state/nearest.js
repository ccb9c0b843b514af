// Which of the stored updates stands closest to the one asked for. Pure.

/**
 * The stored update nearest to the one asked for.
 * @param {number[]} updates rising
 * @param {number} wanted
 * @returns {number | null}
 */
export function nearest(updates, wanted) {
  let best = /** @type {number | null} */ (null);
  for (const update of updates) {
    if (best === null || Math.abs(update - wanted) < Math.abs(best - wanted)) best = update;
  }
  return best;
}
