// What the self-proof says: one badge, one sentence, one row an identity. Pure; the numbers are the server's own.

import { grouped, readable } from "../../draw/numbers.js";

const DIGITS = 4;

/**
 * @typedef {"not asked" | "running" | "passed" | "failed" | "unavailable"} Verdict
 * @typedef {{name: string, statement: string, difference: number | null, shown: string, limit: string, holds: boolean}}
 *   ProofRow
 */

/**
 * @param {Proof} proof
 * @returns {{verdict: Verdict, badge: string, sentence: string, rows: ProofRow[]}}
 */
export function proofView({ status, answer, problem }) {
  if (status === "running")
    return {
      verdict: "running",
      badge: "checking …",
      sentence: "Measuring the identities on these weights.",
      rows: [],
    };
  if (status === "unavailable")
    return {
      verdict: "unavailable",
      badge: "unavailable",
      sentence: problem?.detail ?? "the server gave no answer",
      rows: [],
    };
  if (status === "idle" || !answer)
    return {
      verdict: "not asked",
      badge: "not asked",
      sentence: "Does this network do what the page says? Measure it on these very weights.",
      rows: [],
    };
  const rows = answer.identities.map(row);
  const good = rows.filter((each) => each.holds).length;
  return {
    verdict: answer.holds ? "passed" : "failed",
    badge: answer.holds ? `${good} of ${rows.length} hold` : `${rows.length - good} of ${rows.length} fail`,
    sentence: `${worst(answer.identities)}, update ${grouped(answer.update)}, in float64.`,
    rows,
  };
}

/** @param {Wire.Identity} identity @returns {ProofRow} */
function row({ name, statement, difference, tolerance, holds }) {
  return {
    name,
    statement,
    difference,
    holds,
    shown: readable(difference, DIGITS),
    limit: tolerance === 0 ? "none" : readable(tolerance, 1),
  };
}

/** @param {Wire.Identity[]} identities */
function worst(identities) {
  if (identities.some(({ difference }) => difference === null)) return "A difference is not finite";
  const largest = Math.max(...identities.map(({ difference }) => difference ?? 0));
  return `Largest relative difference ${readable(largest, DIGITS)}`;
}
