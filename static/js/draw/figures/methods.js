// How a rule looks everywhere: name, dash, marker. Its colour comes from the theme, never colour alone.
// Drawn in this order: where SAB and truncated coincide, both can be seen, dashes over a solid line.

import { CALLED } from "../../wire/contract.js";
import { HOP_DASHES, RULES } from "../look.js";

/** What rule sab is called: by the method of the network, as it was trained. @param {Trace} trace */
export const ownName = (trace) => CALLED[trace.parameters.method ?? "sab"];

/** The rules in the order in which they are told. @param {string} own name of rule sab */
export const rulesTold = (own) =>
  [...rulesCalled(own)].sort(
    (a, b) =>
      Number(b.rule === "sab") - Number(a.rule === "sab") || Number(a.rule === "full") - Number(b.rule === "full"),
  );

/** The rules with their names for a network, in the order in which they are drawn. @param {string} own of rule sab */
export const rulesCalled = (own) => RULES.map((look) => (look.rule === "sab" ? { ...look, name: own } : look));

/** @param {number} hop from 1 */
export function hopDash(hop) {
  return HOP_DASHES[Math.min(hop, HOP_DASHES.length) - 1];
}
