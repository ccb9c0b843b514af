// Which step tells a task's story (spec section 6), so that the first probe can ask for it before any trace is there.
// Every trace brings the same number as `task.default_loss_step`, and that one counts.

/** @type {Record<string, number>} */
const ITEMS = { copy: 10, recall: 3, denoise: 10 };

/**
 * The first repeated symbol, or the last step.
 * @param {{name: string, T: number, items?: number | null}} task
 * @returns {number | undefined} undefined for a task that the page does not know
 */
export function openingStep({ name, T, items }) {
  const count = items ?? ITEMS[name];
  return { copy: T + count, adding: T - 1, recall: 2 * count + T, denoise: T + 1 }[name];
}
