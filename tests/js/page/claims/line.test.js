// The status line and the alarm, recounted from the state.

import assert from "node:assert/strict";
import { test } from "node:test";

import { say } from "../../../../static/js/draw/say.js";
import * as claims from "../../../../static/js/page/words/line.js";
import { alarmFacts, runFacts, shownFacts } from "../../../../static/js/page/words/status.js";
import { chances, madeUp, many } from "../../support/awkward.js";
import { grouped, nothing, sceptic } from "../../support/sceptic.js";
import { run, state } from "../../support/traces.js";

const STATUSES = ["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"];
const CASES = many(900, (seed) => {
  const { one, some } = chances(seed);
  const kind = one(["run", "run", "preset"]);
  const shown = one([null, madeUp(seed), madeUp(seed)]);
  const trace = shown && { ...shown, update: one([0, 400, 5000]) };
  const follow = some(0.5);
  const made = state({
    ...{
      target: { kind, id: kind === "run" ? "r1" : "p" },
      presets: [{ name: "p", update: one([null, 5000]), spec: {} }],
    },
    ...{ follow, update: follow ? null : one([400, 5000]), problem: one([null, null, { detail: "it is gone." }]) },
    probe: {
      key: null,
      since: 0,
      failedKey: null,
      problem: one([null, null, { status: 0, detail: "no answer." }, { status: 422, detail: "bad." }]),
    },
    run:
      kind === "run"
        ? run({
            ...{ status: one(STATUSES), update: 5000, updates_per_s: one([null, 0, 0.04, 0.3, 9.6, 151.6]) },
            ...{
              reason: one([null, "update 7 gave no number"]),
              waits: one([null, "a core"]),
              checkpoint: one([null, "c"]),
              stalled: one([null, null, null, "its worker says nothing"]),
              missing: one([null, null, null, "its text, a@1, is not here"]),
            },
          })
        : null,
  });
  return { made, trace };
});
const stands = (/** @type {any} */ { made, trace }) => made.follow || made.update === trace?.update;
const newest = (/** @type {any} */ { made }) => made.run?.update ?? made.presets[0].update;
const past = (/** @type {any} */ one) => !one.made.follow && newest(one) !== null && one.made.update < newest(one);

sceptic("STORED", {
  place: claims.STORED,
  cases: CASES.filter(({ made }) => !made.run),
  facts: ({ made, trace }) => shownFacts(made, trace),
  known: [
    [/^opening$/, ({ trace }) => trace === null],
    [
      /^as it was at update (?<back>[\d,]+) of (?<last>[\d,]+)$/,
      (one, { back, last }) =>
        past(one) && one.trace && back === grouped(one.made.update) && last === grouped(newest(one)),
    ],
    [/^untrained network, update 0$/, (one) => one.trace.update === 0 && !past(one)],
    [
      /^trained network, update (?<update>[\d,]+)$/,
      (one, { update }) => one.trace.update > 0 && update === grouped(one.trace.update) && !past(one),
    ],
  ],
});

const RUNS = CASES.filter(({ made }) => made.run);
sceptic("BACK", {
  ...{ place: claims.BACK, cases: RUNS, facts: ({ made, trace }) => shownFacts(made, trace) },
  known: [
    nothing((one) => !past(one)),
    [
      /^shown as it was at update (?<back>[\d,]+)$/,
      (one, { back }) => past(one) && stands(one) && back === grouped(one.trace.update),
    ],
    [
      /^update (?<back>[\d,]+) is on its way$/,
      (one, { back }) => past(one) && !stands(one) && back === grouped(one.made.update),
    ],
  ],
});
sceptic("RUN", {
  ...{ place: claims.RUN, cases: RUNS.map(({ made }) => made.run), facts: runFacts },
  known: [
    [/^queued, waits for a core$/, ({ status, waits }) => status === "queued" && waits !== null],
    [/^finished: update 7 gave no number$/, ({ status, reason }) => status === "finished" && reason !== null],
    [
      /^(?<told>[a-z]+)$/,
      ({ status, reason, waits }, { told }) =>
        told === status && (status !== "queued" || !waits) && (status !== "finished" || !reason),
    ],
  ],
});
sceptic("RATE", {
  ...{ place: claims.RATE, cases: RUNS.map(({ made }) => made.run), facts: runFacts },
  known: [
    nothing(({ status, updates_per_s: rate }) => status !== "running" || !rate),
    [
      /^(?<told>[\d.]+) updates\/s$/,
      ({ status, updates_per_s: rate }, { told }) =>
        status === "running" && +told > 0 && Math.abs(+told - rate) <= Math.max(0.05 * rate, rate > 9 ? 0.5 : 0),
    ],
  ],
});

const status = (/** @type {any} */ { made }) => made.run?.status;
const stored = (/** @type {any} */ { made }) => made.run.checkpoint !== null;
const calm = (/** @type {any} */ { made }) => !made.problem && made.probe.problem?.status !== 0;
const moving = (/** @type {any} */ one) => calm(one) && !one.made.run?.stalled;
const quiet = (/** @type {any} */ one) => moving(one) && !one.made.run?.missing;
const heldUp = (/** @type {any} */ { made }) => made.run?.status === "paused" && made.run.reason !== null;
const reason = (/** @type {any} */ { made }, /** @type {any} */ told) =>
  told.reason ===
  (made.run.reason
    ? made.run.status === "diverged"
      ? " at update 7 gave no number"
      : ": update 7 gave no number"
    : "");
const WHY = "(?<reason>(?:: update| at update)? ?.*?)";
sceptic("ALARM", {
  ...{ place: claims.ALARM, cases: CASES, facts: ({ made }) => alarmFacts(made) },
  known: [
    nothing((one) => quiet(one) && !["failed", "diverged", "interrupted"].includes(status(one)) && !heldUp(one)),
    [/^The run is paused: update 7 gave no number\.$/, (one) => quiet(one) && heldUp(one)],
    [
      /^The run stands still: its worker says nothing\.$/,
      (/** @type {any} */ one) => calm(one) && one.made.run?.stalled === "its worker says nothing",
    ],
    [
      /^The run cannot go on here: its text, a@1, is not here\.$/,
      (one) => moving(one) && one.made.run?.missing === "its text, a@1, is not here",
    ],
    [/^it is gone\.$/, ({ made }) => made.problem !== null],
    [/^no answer\.$/, ({ made }) => made.problem === null && made.probe.problem.status === 0],
    [
      new RegExp(`^The run diverged${WHY}\\. Press Reset to begin anew\\.$`),
      (one, told) => quiet(one) && status(one) === "diverged" && reason(one, told) && !stored(one),
    ],
    [
      new RegExp(
        `^The run diverged${WHY}\\. ` +
          "Press Branch to go on from its last finite weights at a lower rate, or Reset\\.$",
      ),
      (one, told) => quiet(one) && status(one) === "diverged" && reason(one, told) && stored(one),
    ],
    [
      new RegExp(
        `^The run (?<what>failed|was interrupted)${WHY}\\. ` +
          "Press Resume to go on from the last checkpoint(?:, or Reset)?\\.$",
      ),
      (one, told) => quiet(one) && status(one) === told.what.replace("was ", "") && reason(one, told) && stored(one),
    ],
    [
      new RegExp(`^The run (?<what>failed|was interrupted)${WHY}\\. No checkpoint was stored: Resume begins anew\\.$`),
      (one, told) => quiet(one) && status(one) === told.what.replace("was ", "") && reason(one, told) && !stored(one),
    ],
  ],
});

test("C9: a run that diverged offers Branch where finite weights were stored, and Reset where none were", () => {
  const told = (/** @type {string | null} */ checkpoint) => {
    const shown = run({ status: "diverged", reason: "update 7 gave no number", checkpoint });
    return say(claims.ALARM, alarmFacts(state({ target: { kind: "run", id: "r1" }, run: shown })));
  };
  assert.match(told("c"), /Press Branch to go on from its last finite weights at a lower rate, or Reset\.$/);
  assert.match(told(null), /Press Reset to begin anew\.$/);
});
