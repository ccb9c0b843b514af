// How a rule looks everywhere: name, dash, marker. Its colour comes from the theme, never colour alone.
// Drawn in this order: where SAB and truncated coincide, both can be seen, dashes over a solid line.

/** @type {{rule: Rule, name: string, dash: string, marker: string}[]} */
export const RULES = [
  { rule: "full", name: "full", dash: "dot", marker: "square" },
  { rule: "sab", name: "SAB", dash: "solid", marker: "circle" },
  { rule: "truncated", name: "truncated", dash: "dash", marker: "diamond" },
];

/** Dash of a skip edge by its hop (1, 2, 3 and more). */
export const HOP_DASHES = ["", "7 4", "2.5 3"];
/** A threshold memory is read with weight 0, yet gets gradient. */
export const THRESHOLD_DASH = "0.1 5";

/** @param {number} hop from 1 */
export function hopDash(hop) {
  return HOP_DASHES[Math.min(hop, HOP_DASHES.length) - 1];
}
