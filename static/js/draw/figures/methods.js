// How a rule looks everywhere: name, dash, marker. Its colour comes from the theme, never colour alone.
// Drawn in this order: where SAB and truncated coincide, both can be seen, dashes over a solid line.

import { CALLED, FIXED } from "../../wire/contract.js";
import { HOP_DASHES, RULES } from "../look.js";

/** What rule sab is called: by the method of the network, as it was trained. @param {Trace} trace */
export const ownName = (trace) => CALLED[trace.parameters.method ?? "sab"];

/**
 * Which knobs leave no written memory to read: the one that chooses none, the one that spaces them wider than the
 * sequence, or both; empty where one can be read. The empty memory holds nothing, so it makes no difference.
 * @param {Pick<Trace, "parameters" | "memories" | "steps">} trace
 */
export function unread({ parameters: { k_top, k_att }, memories, steps }) {
  const late = !Array.from(memories).some((memory) => memory >= 0);
  return [k_top === 0 && "k_top = 0", late && `k_att = ${k_att} in ${steps} steps`].filter(Boolean).join(" and ");
}

/** Why a network as it is reads nothing; empty where it does. @param {Trace} trace */
export function nothingRead(trace) {
  const { method = "sab" } = trace.parameters;
  if (method === "tbptt" || method === "bptt") return fixedReason(method, "k_top");
  const why = unread(trace);
  return why && `${why}: no written memory is read`;
}

/** Why a method leaves nothing to choose in a field of the network; empty where it does.
 * @param {string} method @param {string} name of the field
 */
export function fixedReason(method, name) {
  if (!FIXED[method]?.includes(name)) return "";
  if (name === "k_trunc") return `method ${method} has no cuts`;
  if (name === "normalizer") return `method ${method} has softmax weights`;
  return `method ${method} reads ${method === "attention" ? "every memory" : "no memory"}`;
}

/** The rules in the order in which they are told. @param {string} own name of rule sab */
export function rulesTold(own) {
  const [full, ...others] = rulesCalled(own);
  return [...others, full];
}

/** The rules with their names for a network, in the order in which they are drawn. @param {string} own of rule sab */
export const rulesCalled = (own) => RULES.map((look) => (look.rule === "sab" ? { ...look, name: own } : look));

/** @param {number} hop from 1 */
export function hopDash(hop) {
  return HOP_DASHES[Math.min(hop, HOP_DASHES.length) - 1];
}
