// What is said of weights, and of their differences, recounted from the trace. Nothing of page/words is used to count.

import * as facts from "../../../../static/js/page/words/figure_facts.js";
import * as claims from "../../../../static/js/page/words/figures.js";
import { chances, list, madeUp, many } from "../../support/awkward.js";
import { canRead, unreadFor } from "../../support/recounts.js";
import { NUMBER, howMany, same, sceptic } from "../../support/sceptic.js";

const TRACES = many(900, madeUp);
/** Each with a step, or with none. */
const STEPPED = TRACES.map((trace, seed) => ({ trace, step: chances(seed).one([null, ...list(trace.steps, Number)]) }));

const memory = (/** @type {string} */ told) => (told === "the empty memory" ? -1 : Number(told.replace("step ", "")));

const cells = (/** @type {any} */ { attention: { reader, source, weight } }) =>
  list(reader.length, (at) => ({ reader: reader[at], source: source[at], weight: weight[at] }));
sceptic("ATTENTION", {
  ...{ place: claims.ATTENTION, cases: TRACES, facts: facts.attention },
  known: [
    [
      /^Method (?<method>\w+) reads no memory\.$/,
      (trace, { method }) =>
        method === trace.parameters.method && !["sab", "attention"].includes(method) && cells(trace).length === 0,
    ],
    [
      /^(?<why>k_[^:]*): no written memory is read\.$/,
      (trace, { why }) => unreadFor(trace, why) && ["sab", "attention"].includes(trace.parameters.method),
    ],
    [/^No step has a memory to read\.$/, (trace) => canRead(trace) && cells(trace).length === 0],
    [
      /^No step reads a memory: all weights are 0\.$/,
      (trace) => cells(trace).length > 0 && cells(trace).every(({ weight }) => weight === 0),
    ],
    [
      /^No step reads a written memory, only the empty one\.$/,
      (trace) =>
        canRead(trace) &&
        cells(trace).some(({ weight }) => weight !== 0) &&
        cells(trace).every(({ source, weight }) => source === -1 || weight === 0),
    ],
    [
      /^Steps that read a written memory: (?<n>\d+) of (?<all>\d+); memories written: (?<written>\d+)\.$/,
      (trace, { n, all, written }) =>
        new Set(cells(trace).flatMap(({ reader, source, weight }) => (weight === 0 || source < 0 ? [] : [reader])))
          .size === +n &&
        +n > 0 &&
        trace.steps === +all &&
        trace.memories.filter((/** @type {number} */ one) => one > -1).length === +written,
    ],
  ],
});

const row = (/** @type {any} */ { trace, step }) => cells(trace).filter(({ reader }) => reader === step);
const beside = (/** @type {any} */ one, /** @type {string} */ top) =>
  row(one).filter(({ source }) => source !== memory(top));
const own = (/** @type {any} */ one, /** @type {string} */ top) =>
  row(one).find(({ source }) => source === memory(top))?.weight;
const TOP = "(?<top>the empty memory|step \\d+)";
const read = (/** @type {any} */ one) => row(one).filter(({ weight }) => weight !== 0).length;
const known = (/** @type {any} */ one) => row(one).every(({ weight }) => !Number.isNaN(weight));
sceptic("READING", {
  ...{ place: claims.READING, cases: STEPPED, facts: ({ trace, step }) => facts.reading(trace, step) },
  known: [
    [/^No step is chosen\.$/, ({ step }) => step === null],
    [/^Step (?<at>\d+) reads no memory\.$/, (one, { at }) => one.step === +at && row(one).length === 0],
    [
      /^Step (?<at>\d+) attends to no memory: all its weights are 0\.$/,
      (one, { at }) => one.step === +at && row(one).length > 0 && row(one).every(({ weight }) => weight === 0),
    ],
    [
      /^Step (?<at>\d+) reads (?<n>\d+ memor(?:y|ies)); not all of its weights are finite\.$/,
      (one, { at, n }) =>
        one.step === +at && howMany(n) === read(one) && !known(one) && (n === "1 memory") === (read(one) === 1),
    ],
    [
      new RegExp(`^Step (?<at>\\d+) has no weight above 0; the largest is that of ${TOP}, (?<weight>${NUMBER})\\.$`),
      (one, { at, top, weight }) =>
        one.step === +at &&
        known(one) &&
        row(one).every((cell) => cell.weight <= 0 && cell.weight <= own(one, top)) &&
        same(weight, own(one, top)),
    ],
    [
      new RegExp(
        `^Step (?<at>\\d+) reads (?<n>\\d+) memories, none more than ${TOP} with weight (?<weight>${NUMBER}), ` +
          "and another as much\\.$",
      ),
      (one, { at, n, top, weight }) =>
        one.step === +at &&
        +n === read(one) &&
        known(one) &&
        same(weight, own(one, top)) &&
        Math.max(...beside(one, top).map((cell) => cell.weight)) === own(one, top),
    ],
    [
      new RegExp(`^Step (?<at>\\d+) reads 1 memory, ${TOP}, with weight (?<weight>${NUMBER})\\.$`),
      (one, { at, top, weight }) =>
        one.step === +at && read(one) === 1 && known(one) && own(one, top) > 0 && same(weight, own(one, top)),
    ],
    [
      new RegExp(
        `^Step (?<at>\\d+) reads (?<n>\\d+) memories, most of all ${TOP} with weight (?<weight>${NUMBER})\\.$`,
      ),
      (one, { at, n, top, weight }) =>
        one.step === +at &&
        +n === read(one) &&
        +n > 1 &&
        known(one) &&
        own(one, top) > 0 &&
        same(weight, own(one, top)) &&
        beside(one, top).every((cell) => cell.weight < own(one, top)),
    ],
  ],
  taste: ["one: one"],
});

/** Two networks side by side, as weights of the one minus those of the other. */
const COMPARED = many(600, (seed) => {
  const { one, whole } = chances(seed);
  const size = whole(0, 5);
  const side = () => list(size, () => one([0, 0.25, 0.25, 0.5, NaN, 0.75]));
  const calm =
    seed % 2 === 0
      ? (/** @type {number[]} */ column) => column.map((value) => value || 0)
      : (/** @type {number[]} */ c) => c;
  const [mine, theirs] = [calm(side()), one([null, null, 1]) ? null : calm(side())];
  const base = theirs ?? mine;
  const reader = list(size, (at) => Math.floor(at / 2) + 1);
  const source = list(size, (at) => (at % 2) - 1);
  const weight = mine.map((value, at) => value - base[at]);
  return {
    trace: { attention: { reader, source, weight, score: [] }, versus: { name: "two", own: mine, base } },
    step: one([null, 1, 2, 3]),
  };
});
const differences = (/** @type {any} */ { trace, step }) =>
  list(trace.versus.own.length, (at) => at)
    .filter((at) => step === null || trace.attention.reader[at] === step)
    .map((at) => Math.abs(trace.versus.own[at] - trace.versus.base[at]));
const MINUS = "^Weights of this network minus those of two\\. ";
const SIDES = `(?<memory>the empty memory|step \\d+): (?<own>${NUMBER}) here, (?<base>${NUMBER}) there\\.$`;
const rank = (/** @type {boolean} */ tied) => (/** @type {any} */ one, /** @type {any} */ told) => {
  const { reader, source } = one.trace.attention;
  const of = +(told.reader ?? told.at);
  const at = reader.findIndex(
    (/** @type {number} */ step, /** @type {number} */ cell) => step === of && source[cell] === memory(told.memory),
  );
  const own = Math.abs(one.trace.versus.own[at] - one.trace.versus.base[at]);
  const all = differences(one);
  return (
    at >= 0 &&
    own > 0 &&
    one.step === (told.at === undefined ? null : +told.at) &&
    same(told.own, one.trace.versus.own[at]) &&
    same(told.base, one.trace.versus.base[at]) &&
    all.every((size) => size <= own) &&
    all.filter((size) => size === own).length > 1 === tied
  );
};
const AT = "[Aa]t step (?<at>\\d+)";
sceptic("DIFFERENCE", {
  place: claims.DIFFERENCE,
  cases: COMPARED,
  facts: ({ trace, step }) => facts.difference(/** @type {any} */ (trace), step),
  known: [
    [
      new RegExp(`${MINUS}${AT} not all differences are finite\\.$`),
      (one, { at }) => one.step === +at && differences(one).some(Number.isNaN),
    ],
    [
      new RegExp(`${MINUS}Not all differences are finite\\.$`),
      (one) => one.step === null && differences(one).some(Number.isNaN),
    ],
    [
      new RegExp(`${MINUS}${AT} they are equal\\.$`),
      (one, { at }) => one.step === +at && differences(one).every((size) => size === 0),
    ],
    [
      new RegExp(`${MINUS}All are equal\\.$`),
      (one) => one.step === null && differences(one).every((size) => size === 0),
    ],
    [new RegExp(`${MINUS}${AT} none differs more than that of ${SIDES}`), rank(true)],
    [new RegExp(`${MINUS}None differs more than that of step (?<reader>\\d+) for ${SIDES}`), rank(true)],
    [new RegExp(`${MINUS}The largest difference ${AT} is for ${SIDES}`), rank(false)],
    [new RegExp(`${MINUS}The largest difference is at step (?<reader>\\d+), for ${SIDES}`), rank(false)],
  ],
});
