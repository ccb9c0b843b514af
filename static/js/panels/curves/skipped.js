// Which updates left the weights as they were, since the gradient was not finite, and what to change. Pure.

import { grouped } from "../../draw/numbers.js";

/**
 * @param {Pick<Metrics, "update" | "skipped">} metrics
 * @returns {string} empty where no update was skipped
 */
export function skippedNotice({ update, skipped }) {
  const at = update.filter((_, index) => skipped[index]);
  if (at.length === 0) return "";
  const last = grouped(at[at.length - 1]);
  const what =
    at.length === 1
      ? `Update ${last} was skipped: its gradient was not finite, so the weights stayed as they were.`
      : `${grouped(at.length)} updates were skipped, the last at ${last}: ` +
        "their gradients were not finite, so the weights stayed as they were.";
  return `${what} If more follow, lower learning_rate or k_trunc; a shorter sequence helps too.`;
}
