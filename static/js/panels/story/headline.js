// The story of a trace in two sentences, made from its numbers and honest when the arc is not there. Pure.

import { intervals, readable } from "../../draw/numbers.js";
import { readingsOf, symbol } from "../../wire/trace.js";

const QUESTION = "What carried the blame back?";
const TOLD_HOPS = 2;
/**
 * A sum is said rightly when it is at most so far off, as Hochreiter and Schmidhuber (1997) count it; always saying 1
 * is 0.4 off.
 */
const SUM_WITHIN = 0.04;
const COUNTS = ["No", "One", "Two", "Three", "Four", "Five"];
const LISTED_INTERVALS = 4;
const LISTED_HOPS = COUNTS.length - 1;

/**
 * Title and answer for the top of the page.
 * @param {Trace | null} trace
 * @returns {{title: string, answer: string}}
 */
export function headline(trace) {
  if (!trace) return { title: "Which past steps get the blame?", answer: "" };
  const step = trace.loss_step;
  if (step === null) {
    return {
      title: "The loss of the whole sequence: which steps does its gradient reach?",
      answer: reachSentence(trace),
    };
  }
  return { title: `${said(trace, step)} ${QUESTION}`, answer: answer(trace, step) };
}

/** @param {Trace} trace @param {number} step */
function said(trace, step) {
  const sources = trace.true_sources[String(step)] ?? [];
  const [first] = sources;
  const right = trace.predictions[step] === trace.targets[step];
  if (trace.task.name === "adding" && sources.length) return added(trace, step, sources);
  if (first === undefined)
    return `The loss at step ${step}, where the network says ${symbol(trace, trace.predictions[step])}.`;
  const what = trace.task.name === "recall" ? "value" : "symbol";
  if (right) return `At step ${step} the network repeats the ${what} of step ${first}.`;
  const [wanted, says] = [symbol(trace, trace.targets[step]), symbol(trace, trace.predictions[step])];
  return `At step ${step} it should repeat “${wanted}” of step ${first}, but says “${says}”.`;
}

/** @param {Trace} trace @param {number} step @param {number[]} sources */
function added(trace, step, sources) {
  const [wanted, says] = [trace.targets[step], trace.predictions[step]];
  const numbers = `the numbers of steps ${sources.join(" and ")}`;
  if (Math.abs(Number(says ?? NaN) - Number(wanted ?? NaN)) <= SUM_WITHIN)
    return `At step ${step} the network adds ${numbers}.`;
  return `At step ${step} it should add ${numbers} to ${symbol(trace, wanted)}, but says ${symbol(trace, says)}.`;
}

/** @param {Trace} trace @param {number} step */
function answer(trace, step) {
  if (trace.parameters.k_top === 0) {
    return `k_top = 0: no memory is read, so SAB is truncated backpropagation now. ${reachSentence(trace)}`;
  }
  const path = storyPath(trace, step);
  if (path) return `${carried(trace, path)} ${truncatedSentence(trace)}`;
  const [top] = readingsOf(trace, step);
  if (!top) return `Step ${step} has no memory to read yet. ${reachSentence(trace)}`;
  if (trace.attention.weight.length && top.weight === 0)
    return `Step ${step} attends to no memory: all its weights are 0. ${reachSentence(trace)}`;
  if (top.source !== -1 || directTo(trace, step)) return `${notFound(trace)} ${reachSentence(trace)}`;
  const rests = `Step ${step} rests on the empty memory (weight ${readable(top.weight, 2)})`;
  return `${rests}, so no skip edge carries credit back. ${reachSentence(trace)}`;
}

/** What is hidden is not called missing. @param {Trace} trace */
function notFound({ paths_hidden: hidden }) {
  if (!hidden) return "No skip edge reaches the true source.";
  const weaker = hidden === 1 ? "1 weaker path is" : `${hidden} weaker paths are`;
  return `No path shown leads to the true source; ${weaker} hidden.`;
}

/**
 * The path that tells the story: a step that reads a true source itself, be its arc among those shown or not; else the
 * strongest path that hops to the first microstate at or after one; where no true source is known, the strongest that
 * hops.
 * @param {Trace} trace
 * @param {number} step
 * @returns {CreditPath | null}
 */
export function storyPath(trace, step) {
  const sources = trace.true_sources[String(step)] ?? [];
  const hopping = trace.paths.filter((path) => path.steps[0] === step && path.kinds.includes("skip"));
  if (sources.length === 0) return hopping[0] ?? null;
  const direct = directTo(trace, step);
  if (direct) return { steps: [step, direct.source], kinds: ["skip"], strength: direct.credit };
  const wanted = wantedMemories(trace, step);
  const credit = new Map(trace.edges.map((edge) => [`${edge.kind} ${edge.reader} ${edge.source}`, edge.credit]));
  const told = hopping.flatMap((path) => upTo(path, wanted, credit));
  return told.sort((a, b) => (b.strength ?? 0) - (a.strength ?? 0) || a.steps.length - b.steps.length)[0] ?? null;
}

/** Memories that hold what the step should say. @param {Trace} trace @param {number} step */
const wantedMemories = (trace, step) =>
  new Set((trace.true_sources[String(step)] ?? []).map((source) => firstMemoryFrom(trace, source)));

/**
 * The strongest edge by which a step itself reads such a memory, and gradient comes back.
 * @param {Trace} trace @param {number} step
 */
function directTo(trace, step) {
  const wanted = wantedMemories(trace, step);
  const read = new Set(
    readingsOf(trace, step)
      .filter(({ source, weight }) => wanted.has(source) && weight > 0)
      .map(({ source }) => source),
  );
  const edges = trace.edges.filter(
    (edge) => edge.kind === "skip" && edge.reader === step && read.has(edge.source) && edge.credit > 0,
  );
  return edges.sort((a, b) => b.credit - a.credit)[0] ?? null;
}

/**
 * The beginning of a path up to its first hop to a wanted memory (a path may go on from there), with its own strength.
 * @param {CreditPath} path
 * @param {Set<number | undefined>} wanted
 * @param {Map<string, number>} credit
 * @returns {CreditPath[]}
 */
function upTo({ steps, kinds }, wanted, credit) {
  const hop = kinds.findIndex((kind, index) => kind === "skip" && wanted.has(steps[index + 1]));
  if (hop === -1) return [];
  const credits = kinds
    .slice(0, hop + 1)
    .map((kind, index) => credit.get(`${kind} ${steps[index]} ${steps[index + 1]}`) ?? 0);
  return [{ steps: steps.slice(0, hop + 2), kinds: kinds.slice(0, hop + 1), strength: Math.min(...credits) }];
}

/** @param {Trace} trace @param {number} source */
function firstMemoryFrom(trace, source) {
  return Array.from(trace.memories).find((memory) => memory >= source);
}

/** @param {Trace} trace @param {CreditPath} path */
function carried(trace, path) {
  const skips = path.kinds.flatMap((kind, index) =>
    kind === "skip" ? [[path.steps[index], path.steps[index + 1]]] : [],
  );
  // A sentence of many hops would push the pictures down; their steps say enough, and of very many the ends do.
  if (skips.length > LISTED_HOPS)
    return `${skips.length} hops: the first ${skips[0].join(" → ")}, the last ${skips[skips.length - 1].join(" → ")}.`;
  if (skips.length > TOLD_HOPS) return `${COUNTS[skips.length]} hops: ${route(path)}.`;
  const readings = skips.map(([reader, source]) => {
    const weight = readingsOf(trace, reader).find((reading) => reading.source === source)?.weight;
    if (!weight) return `step ${reader} compared itself with step ${source} (threshold memory)`;
    if (skips.length > 1) return `step ${reader} read step ${source} (weight ${readable(weight, 3)})`;
    return `step ${reader} read the microstate of step ${source} with weight ${readable(weight, 3)}`;
  });
  return `${COUNTS[skips.length] ?? skips.length} hop${skips.length > 1 ? "s" : ""}: ${readings.join(", ")}.`;
}

/** "40 → 34, locally to 32, 32 → 9": no step is left out without a word. @param {CreditPath} path */
function route({ steps, kinds }) {
  let said = String(steps[0]);
  kinds.forEach((kind, index) => {
    const at = steps[index + 1];
    if (kind === "skip") said += ` → ${at}`;
    else if (kinds[index + 1] === "skip") said += `, locally to ${at}, ${at}`;
  });
  return said;
}

/** @param {Trace} trace */
function truncatedSentence(trace) {
  const reach = trace.reach.truncated;
  if (!reach) return "";
  const less = JSON.stringify(reach) !== JSON.stringify(trace.reach.full);
  return `Truncated backpropagation reaches ${stepsWord(reach)}${less ? " only" : " too"}.`;
}

/** @param {Trace} trace */
export function reachSentence(trace) {
  const reach = trace.reach.sab;
  return reach ? `SAB reaches ${stepsWord(reach)}.` : "";
}

/** @param {[number, number][]} reach */
function stepsWord(reach) {
  if (reach.length === 0) return "no step";
  const one = reach.length === 1 && reach[0][0] === reach[0][1];
  return `${one ? "step" : "steps"} ${intervals(reach, LISTED_INTERVALS)}`;
}
