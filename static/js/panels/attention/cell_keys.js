// Which cell of the heatmap a key leads to: arrows move, Home and End go to the oldest and the newest memory of the
// row, with Ctrl to the first and the last row. Pure.

const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * @param {import("./grid.js").AttentionGrid} grid
 * @param {{step: number, memory: number | null}} from
 * @param {{key: string, ctrlKey: boolean}} event
 * @returns {{step: number, memory: number | null} | null} null when the key is none of ours
 */
export function nextCell(grid, { step, memory }, { key, ctrlKey }) {
  const end = key === "Home" ? -1 : key === "End" ? 1 : 0;
  const by = ARROWS[key] ?? (end ? [ctrlKey ? end * Infinity : 0, ctrlKey ? 0 : end * Infinity] : null);
  if (!by) return null;
  const row = Math.min(Math.max(step + by[0], 0), grid.steps - 1);
  // The empty memory is there from the first step on; every other one only after it was written.
  const last = Math.max(grid.firstMissing[row] - 1, 0);
  const at = memory === null ? null : (grid.column.get(memory) ?? 0);
  if (by[1] === 0) return { step: row, memory: at === null ? null : grid.sources[Math.min(at, last)] };
  const column = at === null ? (by[1] === -Infinity ? 0 : last) : at + by[1];
  return { step: row, memory: grid.sources[Math.min(Math.max(column, 0), last)] ?? null };
}
