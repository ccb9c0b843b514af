// Several runs as one curve: the mean over those that have come so far, and from the smallest to the largest of them;
// and a moving average over a curve. Pure.

/**
 * @typedef {{x: number[], y: number[]}} Points finite values at rising updates
 * @typedef {{x: number[], mean: number[], low: number[], high: number[], n: number[], of: number}} Mean `n` runs at
 *   each update, out of `of` that have any value
 */

/**
 * An update counts where every run that came so far has a value there: where one of them has none, mean and band would
 * jump for no reason but that.
 * @param {readonly Points[]} runs
 * @returns {Mean}
 */
export function meanOf(runs) {
  const there = runs.filter(({ x }) => x.length > 0);
  const ends = there.map(({ x }) => x[x.length - 1]).sort((a, b) => a - b);
  const sums = /** @type {Map<number, {sum: number, low: number, high: number, n: number}>} */ (new Map());
  for (const { x, y } of there)
    x.forEach((update, place) => {
      const value = y[place];
      const at = sums.get(update) ?? { sum: 0, low: Infinity, high: -Infinity, n: 0 };
      at.sum += value;
      at.low = Math.min(at.low, value);
      at.high = Math.max(at.high, value);
      at.n += 1;
      sums.set(update, at);
    });
  /** @type {Mean} */
  const mean = { x: [], mean: [], low: [], high: [], n: [], of: there.length };
  let ended = 0;
  for (const [update, at] of [...sums].sort(([a], [b]) => a - b)) {
    while (ended < ends.length && ends[ended] < update) ended += 1;
    if (at.n !== there.length - ended) continue;
    mean.x.push(update);
    mean.mean.push(at.sum / at.n);
    mean.low.push(at.low);
    mean.high.push(at.high);
    mean.n.push(at.n);
  }
  return mean;
}

/**
 * Where the first update stands that fewer runs have than the curve has; null where there is none.
 * @param {Mean} mean
 */
export function fewerFrom({ n, of }) {
  const place = n.findIndex((count) => count < of);
  return place < 0 ? null : place;
}

/**
 * An exponential moving average, without the pull of the first value: each is weighted by `smooth` to the power of its
 * distance in points.
 * @param {readonly number[]} values @param {number} smooth 0 to 0.99; 0 changes nothing
 * @returns {number[]}
 */
export function smoothed(values, smooth) {
  if (smooth === 0) return [...values];
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    sum = sum * smooth + value;
    weight = weight * smooth + 1;
    return sum / weight;
  });
}

/**
 * Fewer points for drawing: of each bucket of neighbours the mean, the smallest and the largest, at its last update.
 * @param {Mean} mean @param {number} most points
 * @returns {Mean}
 */
export function thinned(mean, most) {
  const size = Math.ceil(mean.x.length / most);
  if (size <= 1) return mean;
  /** @type {Mean} */
  const thin = { x: [], mean: [], low: [], high: [], n: [], of: mean.of };
  for (let from = 0, to = 0; from < mean.x.length; from = to) {
    // A bucket holds points of equally many runs, so that a line that grows pale does so where it should.
    to = from + 1;
    while (to < mean.x.length && to < from + size && mean.n[to] === mean.n[from]) to += 1;
    thin.x.push(mean.x[to - 1]);
    thin.mean.push(mean.mean.slice(from, to).reduce((sum, value) => sum + value, 0) / (to - from));
    thin.low.push(Math.min(...mean.low.slice(from, to)));
    thin.high.push(Math.max(...mean.high.slice(from, to)));
    thin.n.push(mean.n[from]);
  }
  return thin;
}
