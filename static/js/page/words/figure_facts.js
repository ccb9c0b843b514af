// Facts of the figures, true or false, and the words that stand in their sentences (figures.js). Pure.

import { ownName, rulesTold, unread } from "../../draw/figures/methods.js";
import { counted, grouped, intervals, opening, readable } from "../../draw/numbers.js";
import { percent } from "../../panels/health/numbers.js";
import { shownArcs } from "../../state/selectors/edges.js";
import { answersOf, readingsOf, symbol } from "../../wire/trace.js";
import { byCredit, toldArc } from "../../panels/story/path.js";
import { normsOf } from "../../panels/gradients/selector.js";

/** @typedef {import("../../draw/say.js").Facts} Facts */

/** @param {number} source */
const named = (source) => (source === -1 ? "the empty memory" : `step ${source}`);
/** @param {Trace} trace */
const steps = (trace) => counted(trace.steps, "step");

/** @param {Trace} trace @returns {Facts} */
export function sequence(trace) {
  const answers = answersOf(trace);
  const right = answers.filter((at) => trace.targets[at] === trace.predictions[at]).length;
  return {
    ...{ steps: steps(trace), answers: String(answers.length), right: String(right) },
    asked: answers.length > 0,
    one: answers.length === 1,
    one_right: right === 1,
    all_right: right === answers.length,
  };
}

/** @param {Trace} trace @param {number | null} step @returns {Facts} */
export function stepped(trace, step) {
  if (step === null) return { chosen: false };
  const target = trace.targets[step] ?? null;
  return {
    ...{ chosen: true, target: target !== null, step: String(step), input: symbol(trace, trace.inputs[step]) },
    ...{ wanted: symbol(trace, target), says: symbol(trace, trace.predictions[step]) },
    loss: readable(trace.loss_T[step], 4),
  };
}

/** @param {Trace} trace @returns {Facts} */
export function paths(trace) {
  const skips = trace.edges.filter(({ kind, credit }) => kind === "skip" && credit !== 0);
  const known = skips.filter(({ credit }) => Number.isFinite(credit)).sort(byCredit);
  const [most] = known;
  const told = toldArc(trace) ?? most;
  const memory = told?.chosen ? `weight ${readable(told.weight, 3)}` : "a threshold memory of weight 0";
  return {
    ...{ skips: skips.length > 0, known: known.length > 0, odd: known.length < skips.length },
    ...{ weaker: known.length > 0 && told.credit < most.credit },
    tied: known.some((edge) => edge !== told && edge.credit === told.credit),
    loss: trace.loss_step === null ? "The whole loss" : `The loss at step ${trace.loss_step}`,
    edges: counted(skips.length, "skip edge"),
    ...(told
      ? { from: String(told.reader), to: String(told.source), most: `credit ${readable(told.credit, 3)}, ${memory}` }
      : {}),
    ...(most ? { beside: `from step ${most.reader} to step ${most.source}, credit ${readable(most.credit, 3)}` } : {}),
  };
}

/** @param {Trace} trace @returns {Facts} */
export function hidden({ cuts, paths_hidden: count }) {
  const words = counted(cuts.length, "cut");
  return { cuts: opening(words), ...{ hidden: count > 0, one_hidden: count === 1, paths_hidden: grouped(count) } };
}

/** @param {Trace} trace @returns {Facts} */
export function overview(trace) {
  const arcs = shownArcs(trace)
    .map(({ reader, source }) => ({ reader, source, length: reader - source }))
    .sort((a, b) => b.length - a.length);
  const [longest, next] = arcs;
  return {
    ...{ steps: steps(trace), arcs: arcs.length > 0, one_arc: arcs.length === 1, count: grouped(arcs.length) },
    as_long: next !== undefined && next.length === longest.length,
    ...(longest ? { from: String(longest.reader), to: String(longest.source) } : {}),
  };
}

/** @param {[number, number][]} reach */
const reachWords = (reach) => {
  const one = reach.length === 1 && reach[0][0] === reach[0][1];
  return reach.length === 0 ? "no step" : `${one ? "step" : "steps"} ${intervals(reach)}`;
};

/** @param {Trace} trace @returns {Facts} */
export function reached(trace) {
  const { sab } = trace.reach;
  return {
    sab: sab !== undefined,
    reached: (sab ?? []).length > 0,
    own: opening(ownName(trace)),
    reach: reachWords(sab ?? []),
  };
}

/** @param {Trace} trace @param {boolean} cell whether the norms of ∂L/∂c are drawn @returns {Facts} */
export function gradients(trace, cell) {
  const told = rulesTold(ownName(trace));
  const reaches = told.filter(({ rule }) => trace.reach[rule]);
  const norms = told.filter(({ rule }) => normsOf(trace, cell)[rule]);
  const zeros = (/** @type {string} */ rule) =>
    Array.from(normsOf(trace, cell)[rule]).filter((norm) => norm === 0).length;
  return {
    ...{ rules: reaches.length > 0, norms: norms.length > 0, quantity: cell ? "c" : "h" },
    reaches: reaches.map(({ rule, name }) => `${name} reaches ${reachWords(trace.reach[rule])}`).join("; "),
    zeros: norms.map(({ rule, name }) => `${name} ${zeros(rule)}`).join(", "),
  };
}

/** @param {Trace} trace @returns {Facts} */
export const broken = ({ nonfinite }) => ({
  ...{ broken: nonfinite > 0, one_broken: nonfinite === 1, nonfinite: grouped(nonfinite) },
});

/** @param {Trace} trace @returns {Facts} */
export function attention(trace) {
  const { attention, steps: all, memories, parameters } = trace;
  const { reader, source, weight } = attention;
  const { method = "sab" } = parameters;
  const readers = new Set(Array.from(reader).filter((_, at) => weight[at] !== 0 && source[at] >= 0));
  return {
    ...{ never_reads: method === "tbptt" || method === "bptt", unread: unread(trace), method },
    ...{ there: reader.length > 0, readers: readers.size > 0 && String(readers.size), steps: String(all) },
    empty: Array.from(source).some((memory, at) => memory === -1 && weight[at] !== 0),
    memories: String(Array.from(memories).filter((memory) => memory >= 0).length),
  };
}

/** @param {Trace} trace @param {number | null} step @returns {Facts} */
export function reading(trace, step) {
  if (step === null) return { chosen: false };
  const all = readingsOf(trace, step);
  const read = all.filter(({ weight }) => weight !== 0);
  const finite = all.filter(({ weight }) => Number.isFinite(weight));
  const [top, next] = finite;
  return {
    ...{ chosen: true, step: String(step), reads: all.length > 0, all_zero: all.length > 0 && read.length === 0 },
    ...{ odd: finite.length < all.length, one: read.length === 1, count: counted(read.length, "memory", "memories") },
    positive: top !== undefined && top.weight > 0,
    tied: next !== undefined && next.weight === top.weight,
    ...(top ? { top: named(top.source), weight: readable(top.weight, 3) } : {}),
  };
}

/** @param {Trace} trace whose weights are differences @param {number | null} step @returns {Facts} */
export function difference({ attention: { reader, source, weight }, versus }, step) {
  const cells = Array.from(weight, (value, at) => ({ size: Math.abs(value), at })).filter(
    ({ at }) => step === null || reader[at] === step,
  );
  const [most, next] = cells.filter(({ size }) => Number.isFinite(size)).sort((a, b) => b.size - a.size);
  return {
    ...{ minus: `Weights of this network minus those of ${versus?.name}.`, chosen: step !== null, step: String(step) },
    odd: cells.some(({ size }) => !Number.isFinite(size)),
    equal: most === undefined || most.size === 0,
    tied: next !== undefined && next.size === most.size,
    ...(most && {
      reader: String(reader[most.at]),
      memory: named(source[most.at]),
      sides: `${readable(versus?.own[most.at], 3)} here, ${readable(versus?.base[most.at], 3)} there`,
    }),
  };
}

/** What a row has no number for was not measured; a loss always was. @param {Metrics} metrics @returns {Facts} */
export function curves({ update, loss, values }) {
  const last = update.length - 1;
  const others = Object.entries(values).filter(([, column]) => Number.isFinite(column[last]));
  const told = [["loss", loss], ...others].map(
    ([name, column]) => `${name} ${readable(/** @type {number[]} */ (column)[last], 3)}`,
  );
  return { rows: last >= 0, last: last < 0 ? "" : grouped(update[last]), figures: told.join(", ") };
}

/**
 * @param {Looks} looks @param {number} at place of the look that is shown, -1 where there is none
 * @param {string} none what is said then @returns {Facts}
 */
export function health({ update, health: figures }, at, none) {
  if (at < 0) return { looked: false, none };
  const share = (/** @type {string} */ name) => {
    const value = figures[name]?.[at] ?? NaN;
    return Number.isNaN(value) ? "not measured" : percent(value);
  };
  return {
    ...{ looked: true, one_look: update.length === 1, times: grouped(update.length), update: grouped(update[at]) },
    figures:
      `scorer units saturated ${share("saturated")}, dead readers ${share("dead")}, ` +
      `near-tied readers ${share("near_tied")}`,
  };
}
