// What is said of a sequence and of a step, recounted from the trace. Nothing of page/words is used to count.

import * as facts from "../../../../static/js/page/words/figure_facts.js";
import * as claims from "../../../../static/js/page/words/figures.js";
import { chances, list, madeUp, many } from "../../support/awkward.js";
import { nothing, same, sceptic } from "../../support/sceptic.js";

const TRACES = many(900, madeUp);
/** Each with a step, or with none. */
const STEPPED = TRACES.map((trace, seed) => ({ trace, step: chances(seed).one([null, ...list(trace.steps, Number)]) }));

/** What a symbol or a number is called. */
const called = (/** @type {any} */ trace, /** @type {any} */ value) => {
  if (Array.isArray(value)) return value.map((part) => called({ task: {} }, part)).join(" ");
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  return trace.task.symbols?.[value] ?? (value % 1 === 0 ? `${value}` : value.toFixed(2));
};
const answers = (/** @type {any} */ { task, true_sources: sources, targets, predictions }) =>
  task.name === "adding" ? [] : Object.keys(sources).map((at) => targets[Number(at)] === predictions[Number(at)]);
sceptic("SEQUENCE", {
  ...{ place: claims.SEQUENCE, cases: TRACES, facts: facts.sequence },
  known: [
    [
      /^A sequence of (?<n>\d+) steps; its one answer is (?<how>right|wrong)\.$/,
      (trace, { n, how }) =>
        Number(n) === trace.steps && answers(trace).length === 1 && answers(trace)[0] === (how === "right"),
    ],
    [
      /^A sequence of (?<n>\d+) steps; (?<right>\d+) of (?<all>\d+) answers (?<verb>is|are) right\.$/,
      (trace, { n, right, all, verb }) =>
        Number(n) === trace.steps &&
        answers(trace).length === Number(all) &&
        Number(all) > 1 &&
        answers(trace).filter(Boolean).length === Number(right) &&
        (verb === "is") === (right === "1"),
    ],
    [/^A sequence of (?<n>\d+) steps\.$/, (trace, { n }) => Number(n) === trace.steps && answers(trace).length === 0],
  ],
});

sceptic("STEP", {
  ...{ place: claims.STEP, cases: STEPPED, facts: ({ trace, step }) => facts.stepped(trace, step) },
  known: [
    nothing(({ step }) => step === null),
    [
      /^Step (?<at>\d+): input (?<input>.*), no target, the network says (?<says>.*)\.$/,
      ({ trace, step }, { at, input, says }) =>
        Number(at) === step &&
        input === called(trace, trace.inputs[step]) &&
        trace.targets[step] === null &&
        says === called(trace, trace.predictions[step]),
    ],
    [
      /^Step (?<at>\d+): input (?<input>.*), target (?<wanted>.*), the network says (?<says>.*), loss (?<loss>.*)\.$/,
      ({ trace, step }, { at, input, wanted, says, loss }) =>
        Number(at) === step &&
        input === called(trace, trace.inputs[step]) &&
        trace.targets[step] !== null &&
        wanted === called(trace, trace.targets[step]) &&
        says === called(trace, trace.predictions[step]) &&
        same(loss, trace.loss_T[step]),
    ],
  ],
});
