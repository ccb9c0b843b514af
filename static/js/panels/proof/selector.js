// What the self-proof says: one badge, one sentence, one row an identity. Pure; the numbers are the server's own.

import { grouped, readable } from "../../draw/numbers.js";
import { say } from "../../draw/say.js";
import { BADGE, SENTENCE } from "./words.js";

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
export function proofView(proof) {
  const facts = proofFacts(proof);
  const { answer } = proof;
  const verdict = facts.running
    ? "running"
    : facts.unavailable
      ? "unavailable"
      : !facts.answered
        ? "not asked"
        : facts.holds
          ? "passed"
          : "failed";
  const rows = facts.answered ? (answer?.identities ?? []).map(row) : [];
  return { verdict, badge: say(BADGE, facts), sentence: say(SENTENCE, facts), rows };
}

/** @param {Proof} proof @returns {import("../../draw/say.js").Facts} */
export function proofFacts({ status, answer, problem }) {
  const identities = answer?.identities ?? [];
  const differences = identities.flatMap(({ difference }) => (difference === null ? [] : [difference]));
  const bad = identities.filter(({ holds }) => !holds).length;
  return {
    ...{
      running: status === "running",
      unavailable: status === "unavailable",
      answered: status === "done" && answer !== null,
    },
    problem: problem?.detail ?? "the server gave no answer",
    ...{ holds: bad === 0, one_fails: bad === 1, bad: String(bad), good: String(identities.length - bad) },
    ...{ all: String(identities.length), update: grouped(answer?.update ?? 0) },
    ...{ finite: differences.length === identities.length, largest: readable(Math.max(0, ...differences), DIGITS) },
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
