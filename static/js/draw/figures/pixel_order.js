// Which pixel of an image each step reads: in order, or by the permutation of a seed (model/contract/data.py). Pure.

const [FACTOR, SUMMAND, RANGE] = [1_664_525, 1_013_904_223, 2 ** 32];

/**
 * @param {number} count pixels of an image
 * @param {number | null | undefined} seed of the permutation; null reads them in order
 * @returns {number[]} by step, counted row by row
 */
export function pixelOrder(count, seed) {
  const order = Array.from({ length: count }, (_, place) => place);
  if (seed === null || seed === undefined) return order;
  let state = seed;
  for (let last = count - 1; last > 0; last -= 1) {
    state = (Math.imul(FACTOR, state) + SUMMAND) >>> 0;
    const place = Math.floor((state * (last + 1)) / RANGE);
    [order[last], order[place]] = [order[place], order[last]];
  }
  return order;
}
