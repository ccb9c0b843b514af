// How a rule looks everywhere: name, dash, marker. Its colour comes from the theme, never colour alone.
// Drawn in this order: where SAB and truncated coincide, both can be seen, dashes over a solid line.

import { HOP_DASHES } from "../look.js";

export { RULES } from "../look.js";

/** @param {number} hop from 1 */
export function hopDash(hop) {
  return HOP_DASHES[Math.min(hop, HOP_DASHES.length) - 1];
}
