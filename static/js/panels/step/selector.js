// One step in numbers: what it read, should say and said, and the memories it reads with their credit. Pure.

import { ownName } from "../../draw/figures/methods.js";
import { readable } from "../../draw/numbers.js";
import { readingsOf, rightAt, symbol } from "../../wire/trace.js";

/**
 * What there is to say about one step.
 * @param {Trace} trace
 * @param {number} step
 */
export function stepFacts(trace, step) {
  const target = trace.targets[step];
  const none = target === null || target === undefined;
  const [top = null] = readingsOf(trace, step);
  return {
    step,
    input: symbol(trace, trace.inputs[step]),
    target: none ? null : symbol(trace, target),
    says: symbol(trace, trace.predictions[step]),
    right: rightAt(trace, step),
    loss: trace.loss_T[step],
    sources: trace.true_sources[String(step)] ?? [],
    top,
    norm: trace.gradient_norm.sab?.[step] ?? NaN,
  };
}

/**
 * The same as words, a row a fact and a column a step; several steps side by side also say what they read most.
 * @param {Trace} trace
 * @param {number[]} steps the chosen one first
 * @returns {{name: string, values: string[]}[]}
 */
export function factRows(trace, steps) {
  const alone = steps.length === 1;
  const digits = steps.length > 2 ? 2 : 3;
  const columns = steps.map((step) => stepFacts(trace, step));
  const row = (/** @type {string} */ name, /** @type {(facts: ReturnType<typeof stepFacts>) => string} */ say) => ({
    name,
    values: columns.map(say),
  });
  const rows = [
    row("input", ({ input }) => input),
    row("target", ({ target }) => target ?? "none"),
    row("says", ({ says, right }) => `${says}${right === null ? "" : right ? " ✓" : " ✗"}`),
    row("loss", ({ loss }) => (loss === undefined ? "–" : readable(loss, alone ? 4 : digits))),
    row(alone ? "true source" : "source", ({ sources }) =>
      sources.length ? `${alone ? "step " : ""}${sources.join(", ")}` : "none",
    ),
  ];
  if (alone) return rows;
  return [
    ...rows,
    row("reads", ({ top }) => (top ? (top.source === -1 ? "∅" : String(top.source)) : "none")),
    row("weight", ({ top }) => (top ? readable(top.weight, 3) : "–")),
    row(`${ownName(trace)} grad`, ({ norm }) => readable(norm, digits)),
  ];
}

/**
 * Memories that a step reads, the heaviest first, each with the credit of its skip edge: null for the empty memory,
 * which has none, 0 where no gradient takes the edge. Last the threshold memory: it is read with weight 0, yet gets
 * gradient.
 * @param {Trace} trace
 * @param {number} step
 * @returns {{source: number, weight: number, credit: number | null, threshold: boolean}[]}
 */
export function stepReadings(trace, step) {
  const credit = creditOf(trace, step);
  const read = readingsOf(trace, step).map(({ source, weight }) => ({
    source,
    weight,
    credit: source === -1 ? null : (credit.get(source) ?? 0),
    threshold: false,
  }));
  const known = new Set(read.map(({ source }) => source));
  const unread = [...credit]
    .filter(([source]) => !known.has(source))
    .map(([source, amount]) => ({ source, weight: 0, credit: amount, threshold: true }));
  return [...read, ...unread];
}

/**
 * Credit by memory of the skip edges that leave a step.
 * @param {Trace} trace @param {number} step @returns {Map<number, number>}
 */
const creditOf = (trace, step) =>
  new Map(
    trace.edges
      .filter((edge) => edge.kind === "skip" && edge.reader === step)
      .map((edge) => [edge.source, edge.credit]),
  );
