// What is said of a move, recounted from the trace.

import * as claims from "../../../../static/js/page/words/line.js";
import { moveFacts } from "../../../../static/js/page/words/moves.js";
import { chances, list, madeUp, many } from "../../support/awkward.js";
import { NUMBER, nothing, same, sceptic } from "../../support/sceptic.js";

const MOVES = many(1500, (seed) => {
  const { one, whole } = chances(seed);
  const trace = one([null, ...list(9, () => madeUp(seed))]);
  const choice = {
    ...{ step: one([null, ...list(8, () => whole(0, trace ? trace.steps : 3))]), memory: one([null, -1, 0, 1, 2, 3]) },
    pins: one([[], [3], [1, 3]]),
  };
  return { trace, choice };
});
const moved = (/** @type {any} */ { trace, choice }) => moveFacts(trace, choice);
const here = (/** @type {any} */ { trace, choice: { step } }, /** @type {any} */ { at }) =>
  trace && step === +at && step < trace.steps;
const reading = (/** @type {any} */ { trace, choice: { step, memory } }) => {
  const { reader, source, weight } = trace.attention;
  const cell = list(reader.length, Number).find((at) => reader[at] === step && source[at] === memory);
  return cell === undefined ? undefined : weight[cell];
};
const edge = (/** @type {any} */ { trace, choice: { step, memory } }) =>
  trace.edges.find((/** @type {any} */ one) => one.kind === "skip" && one.reader === step && one.source === memory);
const called = (/** @type {any} */ { choice: { memory } }, /** @type {any} */ told) =>
  memory !== null && told.memory === (memory === -1 ? "empty memory" : `memory of step ${memory}`);
const says = (/** @type {any} */ { trace, choice: { step } }, /** @type {any} */ told) => {
  const said = trace.predictions[step];
  const symbol = Number.isInteger(said) ? trace.task.symbols[said] : undefined;
  return told.says === (symbol ?? (typeof said === "number" ? (said % 1 === 0 ? `${said}` : said.toFixed(2)) : "–"));
};
const HERE = "^Step (?<at>\\d+)";
sceptic("MOVE", {
  ...{ place: claims.MOVE, cases: MOVES, facts: moved },
  known: [
    [/^No step chosen\.$/, ({ choice }) => choice.step === null],
    [new RegExp(`${HERE}\\.$`), ({ trace, choice }, { at }) => choice.step === +at && !(trace && trace.steps > +at)],
    [
      new RegExp(`${HERE}: says (?<says>[^,]*), no target\\.$`),
      (one, told) =>
        here(one, told) && one.choice.memory === null && says(one, told) && one.trace.targets[told.at] === null,
    ],
    [
      new RegExp(`${HERE}: says (?<says>[^,]*), loss (?<loss>${NUMBER})\\.$`),
      (one, told) =>
        here(one, told) &&
        one.choice.memory === null &&
        says(one, told) &&
        one.trace.targets[told.at] !== null &&
        same(told.loss, one.trace.loss_T[told.at]),
    ],
    [
      new RegExp(`${HERE}, (?<memory>[^:]+): weight (?<weight>${NUMBER})(?:, credit (?<credit>${NUMBER}))?\\.$`),
      (one, told) =>
        here(one, told) &&
        called(one, told) &&
        reading(one) !== undefined &&
        same(told.weight, reading(one)) &&
        (told.credit === undefined ? edge(one) === undefined : same(told.credit, edge(one)?.credit)),
    ],
    [
      new RegExp(
        `${HERE}, (?<memory>[^:]+): not read, a threshold memory of weight 0, credit (?<credit>${NUMBER})\\.$`,
      ),
      (one, told) =>
        here(one, told) &&
        called(one, told) &&
        reading(one) === undefined &&
        edge(one)?.chosen === false &&
        same(told.credit, edge(one).credit),
    ],
    [
      new RegExp(`${HERE}, (?<memory>[^:]+): not read, weight 0 exactly\\.$`),
      (one, told) => here(one, told) && called(one, told) && reading(one) === undefined && edge(one) === undefined,
    ],
  ],
});
sceptic("PINS", {
  ...{ place: claims.PINS, cases: MOVES, facts: moved },
  known: [
    nothing(({ choice }) => choice.pins.length === 0),
    [/^1 step pinned: (?<pins>\d+)\.$/, ({ choice }, { pins }) => String(choice.pins) === pins],
    [
      /^(?<n>\d+) steps pinned: (?<pins>[\d, ]+)\.$/,
      ({ choice }, { n, pins }) => choice.pins.length === +n && +n > 1 && choice.pins.join(", ") === pins,
    ],
  ],
});
