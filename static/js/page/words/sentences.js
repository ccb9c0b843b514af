// Each figure in one or two sentences, from the numbers it draws: what a person hears who does not see it. Pure.

import { ownName, rulesTold } from "../../draw/figures/methods.js";
import { grouped, intervals, readable } from "../../draw/numbers.js";
import { readingsOf, symbol } from "../../wire/trace.js";
import { percent } from "../../panels/health/numbers.js";
import { shownArcs } from "../../state/selectors/edges.js";

/**
 * @param {PagePanel} panel
 * @param {{trace: Trace | null, step: number | null, metrics: Metrics, looks: Looks}} view
 * @returns {string}
 */
export function sentence(panel, { trace, step, metrics, looks }) {
  if (panel === "curves") return curves(metrics);
  if (panel === "health") return health(looks);
  if (!trace) return "Nothing is shown yet.";
  return { sequence, paths, gradients, attention, step: reading, overview }[panel](trace, step);
}

/** @param {Trace} trace @param {number | null} step */
function sequence(trace, step) {
  const asked = trace.targets.flatMap((target, at) =>
    target !== null && target !== undefined && Number.isInteger(target) ? [at] : [],
  );
  const right = asked.filter((at) => trace.targets[at] === trace.predictions[at]).length;
  const answers = asked.length ? `; ${right} of ${asked.length} answers are right` : "";
  const whole = `A sequence of ${trace.steps} steps${answers}.`;
  if (step === null) return whole;
  const target = trace.targets[step];
  const wanted = target === null || target === undefined ? "no target" : `target ${symbol(trace, target)}`;
  return (
    `${whole} Step ${step}: input ${symbol(trace, trace.inputs[step])}, ${wanted}, the network says ` +
    `${symbol(trace, trace.predictions[step])}, loss ${readable(trace.loss_T[step], 4)}.`
  );
}

/** @param {Trace} trace */
function paths(trace) {
  const skips = trace.edges.filter((edge) => edge.kind === "skip" && edge.credit !== 0);
  const best = skips.reduce(
    (most, edge) => (most && !(edge.credit > most.credit) ? most : edge),
    /** @type {Edge | null} */ (null),
  );
  const loss = trace.loss_step === null ? "The whole loss" : `The loss at step ${trace.loss_step}`;
  const strongest = best
    ? `; the strongest leads from step ${best.reader} to step ${best.source}, credit ${readable(best.credit, 3)}, ` +
      `weight ${readable(best.weight, 3)}`
    : "";
  const hidden = trace.paths_hidden ? ` ${grouped(trace.paths_hidden)} weaker paths are hidden.` : "";
  const edges = skips.length === 1 ? "1 skip edge" : `${skips.length} skip edges`;
  return `${loss} sends credit over ${edges}${strongest}. ${trace.cuts.length} cuts.${hidden}`;
}

/** @param {Trace} trace */
function overview(trace) {
  const arcs = shownArcs(trace);
  const [longest] = [...arcs].sort((a, b) => b.reader - b.source - (a.reader - a.source));
  const far = longest ? `; the longest leads from step ${longest.reader} to step ${longest.source}` : "";
  const count = arcs.length === 1 ? "1 arc" : `${grouped(arcs.length)} arcs`;
  const reached = `${ownName(trace)} reaches ${intervals(trace.reach.sab)}`;
  return `A sequence of ${trace.steps} steps with ${count}${far}. ${reached}.`;
}

/** @param {Trace} trace */
function gradients(trace) {
  const named = rulesTold(ownName(trace));
  const reaches = named
    .filter(({ rule }) => trace.reach[rule])
    .map(({ rule, name }) => `${name} reaches ${intervals(trace.reach[rule])}`);
  const zeros = named
    .filter(({ rule }) => trace.gradient_norm[rule])
    .map(({ rule, name }) => `${name} ${Array.from(trace.gradient_norm[rule]).filter((norm) => norm === 0).length}`);
  const broken = trace.nonfinite ? ` ${grouped(trace.nonfinite)} numbers are not finite.` : "";
  return `By gradient norm, ${reaches.join("; ")}. Steps with exactly zero gradient: ${zeros.join(", ")}.${broken}`;
}

/** @param {Trace} trace @param {number | null} step */
function difference(trace, step) {
  const { reader, source, weight } = trace.attention;
  const cells = Array.from(weight, (value, index) => ({ value, index })).filter(
    ({ index }) => step === null || reader[index] === step,
  );
  const most = cells.reduce(
    (best, one) => (best && !(Math.abs(one.value) > Math.abs(best.value)) ? best : one),
    /** @type {{value: number, index: number} | null} */ (null),
  );
  const named = `Weights of this network minus those of ${trace.versus?.name}.`;
  if (!most || most.value === 0)
    return `${named} ${step === null ? "All are equal." : `At step ${step} they are equal.`}`;
  const memory = source[most.index] === -1 ? "the empty memory" : `step ${source[most.index]}`;
  return (
    `${named} The largest difference at step ${reader[most.index]} is for ${memory}: ` +
    `${readable(trace.versus?.own[most.index], 3)} here, ${readable(trace.versus?.base[most.index], 3)} there.`
  );
}

/** @param {Trace} trace @param {number | null} step */
function attention(trace, step) {
  if (trace.versus) return difference(trace, step);
  const memories = `${Array.from(trace.memories).filter((memory) => memory >= 0).length} memories`;
  return `${trace.steps} steps read from ${memories}${step === null ? "." : `. ${reading(trace, step)}`}`;
}

/** @param {Trace} trace @param {number | null} step */
function reading(trace, step) {
  if (step === null) return "No step is chosen.";
  const found = readingsOf(trace, step).filter(({ weight }) => weight !== 0);
  const [most] = found;
  if (!most) return `Step ${step} reads no memory.`;
  const name = most.source === -1 ? "the empty memory" : `step ${most.source}`;
  const count = found.length === 1 ? "1 memory" : `${found.length} memories`;
  return `Step ${step} reads ${count}, most of all ${name} with weight ${readable(most.weight, 3)}.`;
}

/** @param {Metrics} metrics */
function curves({ update, loss, values }) {
  const last = update.length - 1;
  if (last < 0) return "No curve yet.";
  const others = Object.entries(values)
    .map(([name, list]) => `, ${name} ${readable(list[last], 3)}`)
    .join("");
  const ended = `at update ${grouped(update[last])} loss ${readable(loss[last], 3)}${others}`;
  return `${grouped(update.length)} updates; ${ended}.`;
}

/** @param {Looks} looks */
function health({ update, health: figures }) {
  const last = update.length - 1;
  if (last < 0) return "Nobody has looked at a training yet.";
  const share = (/** @type {string} */ name) => {
    const value = figures[name]?.[last];
    return value === undefined || Number.isNaN(value) ? "not measured" : percent(value);
  };
  const times = update.length === 1 ? "Measured once" : `Measured ${grouped(update.length)} times`;
  return (
    `${times}; after update ${grouped(update[last])} scorer units saturated: ${share("saturated")}, dead readers: ` +
    `${share("dead")}, near-tied readers: ${share("near_tied")}.`
  );
}
