// Traces and numbers to catch a sentence lying with: made up at random, few steps, so that ties, zeros and what is not
// finite meet often. The same seed makes the same trace.

import { fromJson } from "./from_json.js";

const TASKS = ["copy", "recall", "denoise", "adding"];
const METHODS = ["sab", "sab", "sab", "tbptt", "bptt", "attention"];
const WEIGHTS = [0, 0, 0.25, 0.25, 0.5, 0.93, 1, -0.2, -0.2, null, null];
const CREDITS = [0, 1e-9, 0.01, 0.3, 0.3, null];
const NORMS = [0, 0, 1e-9, 0.2, 1, null];
const RULES = ["sab", "truncated", "full"];

/** @param {number} seed @returns {() => number} numbers from 0 to 1 (mulberry32) */
function stream(seed) {
  let state = (seed * 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Chances from one seed. @param {number} seed */
export function chances(seed) {
  const next = stream(seed);
  const whole = (/** @type {number} */ low, /** @type {number} */ high) => low + Math.floor(next() * (high - low + 1));
  const one = (/** @type {any[]} */ list) => list[whole(0, list.length - 1)];
  const some = (/** @type {number} */ share) => next() < share;
  return { whole, one, some };
}

/** @param {number} length @param {(at: number) => any} make */
export const list = (length, make) => Array.from({ length }, (_, at) => make(at));

/** @param {number} count @param {(seed: number) => any} make */
export const many = (count, make) => list(count, make);

/** @param {number} seed */
export function madeUp(seed) {
  const { whole, one, some } = chances(seed);
  const steps = whole(2, 7);
  const method = one(METHODS);
  const reads = method === "sab" || method === "attention";
  const k_top = method === "attention" ? 10_000 : reads ? one([0, 1, 3]) : 0;
  const k_trunc = method === "sab" || method === "tbptt" ? one([0, 1, 2, 3, 50]) : 0;
  const k_att = one([1, 1, 2, 60]);
  const loss_step = one([null, ...list(steps, (at) => at), ...list(steps, (at) => at)]);
  const cuts = list(steps, (at) => at).filter((at) => at > 0 && k_trunc > 0 && (at + 1) % k_trunc === 0);
  const memories = [...(some(0.8) ? [-1] : []), ...list(steps - 1, (at) => at).filter((at) => (at + 1) % k_att === 0)];
  const calm = some(0.6);
  const attention = rows({ whole, one, some }, steps, memories, k_top, calm ? WEIGHTS.slice(0, -4) : WEIGHTS);
  const edges = edgesOf({ one, some }, steps, attention, cuts);
  return fromJson({
    ...{ run: null, preset: "copy", checkpoint: null, update: one([0, 1, 400, 12_345]), example: one([0, 3]) },
    ...asked({ whole, one, some }, steps),
    ...{ loss_step, steps, memories, cuts, attention, edges },
    parameters: { method, k_top, k_trunc, k_att, normalizer: "shift", variant: one(["paper", "release"]), phase: 0 },
    loss_T: list(steps, () => one([0, 0.1, 2.5, null])),
    ...gradients({ one, some }, steps),
    paths: pathsOf({ one, some, whole }, loss_step ?? steps - 1, edges),
    paths_hidden: one([0, 0, 1, 4, 1234]),
    nonfinite: one([0, 0, 1, 1500]),
    hits: Object.fromEntries(list(whole(0, 3), (at) => [String(at), one([true, false, null])])),
    knocked_out: some(0.2) ? [[1, 0]] : [],
    score: [],
  });
}

/** What is asked for, and what the network says. @param {any} chance @param {number} steps */
function asked({ whole, one, some }, steps) {
  const name = one(TASKS);
  const adds = name === "adding";
  const readers = list(steps, (at) => at).filter(() => some(0.4));
  const alike = some(0.3);
  const value = () => (adds ? one([1, 0.5, 0.52, null]) : whole(0, 1));
  const only = adds ? [steps - 1] : readers;
  return {
    task: { name, T: steps, items: null, symbols: adds ? [] : ["A", "B", "·", "▸"] },
    inputs: list(steps, () => (adds ? [one([0, 0.5, 1]), one([0, 1])] : whole(0, 3))),
    targets: list(steps, (at) => (only.includes(at) ? value() : adds ? null : some(0.8) ? 2 : null)),
    predictions: list(steps, () => (alike && !adds ? 0 : adds ? value() : whole(0, 2))),
    true_sources: Object.fromEntries(
      only.filter(() => some(0.9)).map((at) => [String(at), adds ? [0, Math.min(1, at)] : [whole(0, at)]]),
    ),
  };
}

/** @param {any} chance @param {number} steps @param {number[]} memories @param {number} k_top @param {any[]} weights */
function rows({ one, some }, steps, memories, k_top, weights) {
  const found = list(steps, (reader) => {
    const there = memories.filter((memory) => memory < reader && some(0.8)).slice(0, k_top);
    return there.map((source) => ({ reader, source, weight: one(weights) }));
  }).flat();
  const column = (/** @type {"reader" | "source" | "weight"} */ name) => found.map((cell) => cell[name]);
  return { reader: column("reader"), source: column("source"), weight: column("weight"), score: [] };
}

/** @param {any} chance @param {number} steps @param {any} attention @param {number[]} cuts */
function edgesOf({ one, some }, steps, attention, cuts) {
  const local = list(steps - 1, (at) => at + 1)
    .filter((reader) => !cuts.includes(reader))
    .map((reader) => ({ kind: "local", reader, source: reader - 1, credit: one([0.1, 0.5, 0]), weight: null }));
  const silent = some(0.2);
  const credits = some(0.7) ? CREDITS.slice(0, -1) : CREDITS;
  const skip = list(attention.reader.length, (at) => ({
    kind: "skip",
    reader: attention.reader[at],
    source: attention.source[at],
    credit: silent ? 0 : one(credits),
    weight: attention.weight[at],
    chosen: true,
  })).filter(({ source }) => source >= 0);
  const compared = skip
    .filter(({ reader }) => reader > 1 && some(0.3))
    .map(({ reader }) => ({ reader, source: reader - 1 }))
    .filter(({ reader, source }) => !skip.some((edge) => edge.reader === reader && edge.source === source))
    .filter(({ reader }, at, all) => all.findIndex((other) => other.reader === reader) === at)
    .map((pair) => ({ kind: "skip", ...pair, credit: one(credits), weight: 0, chosen: false }));
  return [...local, ...skip, ...compared];
}

/**
 * Some chains of edges with credit, the strongest first.
 * @param {any} chance @param {number} from @param {any[]} edges
 */
function pathsOf({ one, some, whole }, from, edges) {
  const found = list(whole(0, 4), () => {
    const path = { steps: [from], kinds: /** @type {string[]} */ ([]), strength: Infinity };
    for (;;) {
      const onward = edges.filter((edge) => edge.reader === path.steps[path.steps.length - 1] && edge.credit);
      if (onward.length === 0) break;
      const edge = one(onward);
      path.steps.push(edge.source);
      path.kinds.push(edge.kind);
      path.strength = Math.min(path.strength, edge.credit);
      if (some(0.3)) break;
    }
    return path;
  });
  return found.filter(({ kinds }) => kinds.length).sort((a, b) => b.strength - a.strength);
}

/** Norms by rule, of h and of c, and where they reach. @param {any} chance @param {number} steps */
function gradients({ one, some }, steps) {
  const rules = RULES.filter(() => some(0.85));
  const norms = () => Object.fromEntries(rules.map((rule) => [rule, list(steps, () => one(NORMS))]));
  const gradient_norm = norms();
  return {
    gradient_norm,
    gradient_norm_cell: some(0.7) ? norms() : {},
    reach: Object.fromEntries(rules.map((rule) => [rule, reachOf(gradient_norm[rule])])),
  };
}

/** Steps above a millionth of the largest norm, as intervals, latest first. @param {(number | null)[]} norms */
export function reachOf(norms) {
  const most = Math.max(...norms.map((norm) => norm ?? 0), 0);
  /** @type {[number, number][]} */
  const found = [];
  norms.forEach((norm, at) => {
    if (norm === null || norm <= most * 1e-6) return;
    const last = found[found.length - 1];
    if (last && last[1] === at - 1) last[1] = at;
    else found.push([at, at]);
  });
  return found.reverse();
}
