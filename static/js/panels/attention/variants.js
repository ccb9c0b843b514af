// Which formula of attention is drawn, paper or release, and what can be measured about its choice. Pure.
// In variant release the score splits into a part of the reader and a part of the memory (spec section 5), so that
// the difference of two memories' scores is the same for every reader: the choice ignores the current state.

/** @param {Trace | null} trace @returns {"paper" | "release" | null} */
export const variantOf = (trace) => (trace ? (trace.parameters.variant === "release" ? "release" : "paper") : null);

/**
 * What a network is asked; which delays it was trained with is another matter.
 * @param {Wire.TaskSpec} task
 */
const asked = ({ name, T, items }) => `${name} ${T} ${items}`;

/**
 * The trained preset of the same task with the other formula.
 * @param {State} state
 * @returns {Preset | null}
 */
export function twinOf({ presets, target }) {
  const own = target?.kind === "preset" ? presets?.find((one) => one.name === target.id) : null;
  if (!own?.pretrained) return null;
  const same = (/** @type {Preset} */ one) =>
    one.pretrained &&
    asked(one.spec.task) === asked(own.spec.task) &&
    one.spec.model?.variant !== own.spec.model?.variant;
  return presets?.find(same) ?? null;
}

/**
 * How far the scores are from a part of the reader plus a part of the memory.
 * @param {Trace} trace
 * @returns {{spread: number, readers: number} | null} largest deviation among chosen memories, in units of the score;
 *   null
 *   where no two readers share two memories
 */
export function stateDependence(trace) {
  const { reader, source, score } = trace.attention;
  if (score.length === 0) return null;
  /** @type {Map<number, {source: number, score: number}[]>} */
  const rows = new Map();
  for (let index = 0; index < reader.length; index += 1) {
    rows.set(reader[index], [...(rows.get(reader[index]) ?? []), { source: source[index], score: score[index] }]);
  }
  /** @type {Map<number, number>} part of each memory, up to a constant */
  const parts = new Map();
  let [spread, readers] = [0, 0];
  for (const row of rows.values()) {
    const known = row.find((one) => parts.has(one.source));
    if (!known && parts.size > 0) continue;
    const own = known ? known.score - (parts.get(known.source) ?? 0) : row[0].score;
    const shared = row.filter((one) => parts.has(one.source));
    if (shared.length > 1) readers += 1;
    for (const one of shared) spread = Math.max(spread, Math.abs(one.score - own - (parts.get(one.source) ?? 0)));
    for (const one of row) if (!parts.has(one.source)) parts.set(one.source, one.score - own);
  }
  return readers > 0 ? { spread, readers } : null;
}

/**
 * Weights that are no shares, as early rows of variant release have.
 * @param {Trace} trace @returns {Pair | null} smallest and largest
 */
export function rawWeights(trace) {
  const finite = Array.from(trace.attention.weight).filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  return finite.length && (least < 0 || most > 1.000001) ? [least, most] : null;
}
