// What stands around the paths, recounted from the state and the trace.

import * as words from "../../../static/js/panels/paths/words.js";
import { chances, madeUp, many } from "../support/awkward.js";
import { canRead, unreadFor } from "../support/recounts.js";
import { grouped, nothing, sceptic } from "../support/sceptic.js";
import { run, state } from "../support/traces.js";

const CASES = many(1800, (seed) => {
  const { one, some } = chances(seed);
  const kind = one(["run", "preset", "checkpoint"]);
  const trace = { ...madeUp(seed), update: one([0, 400]) };
  const freshness = one(["live", "live", "live", "stale", "error", "empty", "loading"]);
  const made = state({
    target: { kind, id: "r1" },
    run: kind === "run" ? run({ status: one(["queued", "running", "stopped"]) }) : null,
    probe: {
      key: one([null, "k"]),
      since: 0,
      problem: one([null, { detail: "it is gone.", status: 404 }]),
      failedKey: null,
    },
    walk: some(0.2) ? { trace, taken: 1, playing: false } : null,
    live: some(0.5) ? { ...trace, update: one([0, 400, 900]) } : null,
    ...{ follow: some(0.7), snapshots: one([[], [0], [0, 400]]) },
  });
  return { made, trace, freshness };
});
const failed = (/** @type {any} */ { freshness }) => freshness === "error";
const held = (/** @type {any} */ { made, trace }) =>
  made.walk && made.follow && made.live && made.live.update > trace.update;
const asked = (/** @type {any} */ { made, freshness }) => freshness === "stale" && made.probe.key !== null;
const plain = (/** @type {any} */ one) => !failed(one) && !held(one) && !asked(one);
const untrained = (/** @type {any} */ { made, trace }) => made.target.kind === "preset" && trace.update === 0;
const hops = (/** @type {any} */ { trace }) =>
  trace.edges.filter((/** @type {any} */ edge) => edge.kind === "skip" && edge.credit !== 0).length;
const calm = (/** @type {any} */ one) => plain(one) && !untrained(one);

sceptic("NOTE", {
  place: words.NOTE,
  cases: CASES,
  facts: ({ trace, freshness, made }) => words.noteFacts(trace, freshness, made),
  known: [
    [/^it is gone\.$/, (one) => failed(one) && one.made.probe.problem !== null],
    [/^this picture could not be computed$/, (one) => failed(one) && one.made.probe.problem === null],
    [
      /^held at update (?<u>\d+) meanwhile; × goes back to the newest$/,
      (one, { u }) => !failed(one) && held(one) && one.trace.update === +u,
    ],
    nothing((one) => asked(one) || (calm(one) && hops(one) > 0)),
    [/^Not trained yet\.$/, (one) => plain(one) && untrained(one) && one.made.snapshots.length > 1],
    [
      /^Not trained yet: press Train and watch it learn\.$/,
      (one) => plain(one) && untrained(one) && one.made.snapshots.length < 2,
    ],
    [
      /^Method (?<method>\w+) reads no memory, so nothing is skipped\.$/,
      (one, { method }) => calm(one) && one.trace.parameters.method === method && ["tbptt", "bptt"].includes(method),
    ],
    [
      /^(?<why>k_[^:]*): no written memory is read, so nothing is skipped\.$/,
      (one, { why }) =>
        calm(one) && unreadFor(one.trace, why) && !["tbptt", "bptt"].includes(one.trace.parameters.method),
    ],
    [/^No skip edge carries credit here\.$/, (one) => calm(one) && canRead(one.trace) && hops(one) === 0],
  ],
});

const runs = (/** @type {any} */ { made }) => made.target.kind === "run";
const empty = (/** @type {any} */ one) => one.freshness === "empty";
sceptic("WAIT", {
  ...{ place: words.WAIT, cases: CASES, facts: ({ freshness, made }) => words.waitFacts(freshness, made) },
  known: [
    [/^it is gone\.$/, (one) => failed(one) && one.made.probe.problem !== null],
    [/^computing the first picture …$/, (one) => !empty(one) && (!failed(one) || one.made.probe.problem === null)],
    [
      /^No snapshot yet: the run waits for its worker\.$/,
      (one) => empty(one) && runs(one) && one.made.run.status === "queued",
    ],
    [/^No snapshot yet\.$/, (one) => empty(one) && runs(one) && one.made.run.status !== "queued"],
    nothing((one) => empty(one) && !runs(one)),
  ],
});

sceptic("SHARE", {
  ...{ place: words.SHARE, cases: CASES.map(({ trace }) => trace), facts: words.shareFacts },
  known: [
    [/^1 path hidden$/, ({ paths_hidden: hidden }) => hidden === 1],
    [/^(?<n>[\d,]+) paths hidden$/, ({ paths_hidden: hidden }, { n }) => hidden > 1 && n === grouped(hidden)],
    [/^there is no path$/, ({ paths, paths_hidden: hidden }) => hidden === 0 && paths.length === 0],
    [/^all paths shown$/, ({ paths, paths_hidden: hidden }) => hidden === 0 && paths.length > 0],
  ],
});
