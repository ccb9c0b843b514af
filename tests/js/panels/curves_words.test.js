// What stands around the curves, recounted from the run or preset, its rows and its looks.

import * as words from "../../../static/js/panels/curves/words.js";
import { chances, list, many } from "../support/awkward.js";
import { grouped, nothing, same, sceptic } from "../support/sceptic.js";
import { run, state, trace } from "../support/traces.js";

const STATUSES = ["queued", "running", "paused", "finished", "stopped", "failed", "diverged", "interrupted"];

const CASES = many(1500, (seed) => {
  const { one, some, whole } = chances(seed);
  const kind = one(["run", "run", "preset", "checkpoint"]);
  const rows = whole(0, 4);
  const task = { name: "copy", T: 30, items: null, T_min: one([null, 30, 1]) };
  const spec = { task, model: { method: one(["sab", "tbptt", "bptt", "attention"]) }, training: {} };
  const looked = whole(0, 2);
  const preset = {
    ...{ name: "p", title: "P", pretrained: some(0.6), history: some(0.5), update: one([null, 6000]), spec },
    metrics: some(0.7) ? { accuracy: one([0.5, 0.98765, null]) } : null,
  };
  const other = { target: { kind: "run", id: "r2" }, name: "two", trace: trace(), metrics: null, problem: null };
  const task2 = { ...other, trace: trace({ task: { name: "recall", symbols: ["A"] } }) };
  return state({
    ...{ target: { kind, id: kind === "preset" ? "p" : "r1" }, presets: [preset] },
    run:
      kind === "run"
        ? run({
            spec,
            status: one(STATUSES),
            update: one([0, 3, 124, 125, 300]),
            updates: one([100, 125, 300, 400, 9000]),
            parameters: { k_trunc: one([0, 1, 5]) },
          })
        : null,
    metrics: {
      ...{
        update: list(rows, (at) => 900 + at * 200),
        loss: list(rows, () => 1),
        gradient_norm: [],
        learning_rate: [],
      },
      skipped: list(rows, () => one([0, 0, 1])),
      values: some(0.5) ? { accuracy: list(rows, () => 0.5) } : {},
    },
    looks: {
      ...{ update: list(looked, Number), health: {} },
      fresh: one([{}, { loss: [] }, { loss: list(looked, () => one([NaN, 0.3])) }, { ce: list(looked, () => 0.1) }]),
    },
    ...{ gap: one([null, null, "events 1 to 5 are missing: too old"]), baseline: one([null, other, task2]) },
  });
});
const preset = (/** @type {any} */ one) => (one.target.kind === "preset" ? one.presets[0] : null);
const asked = (/** @type {any} */ one) => (one.run ?? preset(one))?.spec;

sceptic("OTHER", {
  ...{ place: words.OTHER, cases: CASES, facts: words.facts },
  known: [
    nothing((one) => one.baseline === null || one.baseline.trace.task.name === "copy" || asked(one) === undefined),
    [
      /^The baseline learns another task \((?<task>\w+)\), so its curves are not drawn here\.$/,
      (one, { task }) => one.baseline.trace.task.name === task && task !== "copy" && asked(one) !== undefined,
    ],
  ],
});
sceptic("OWN", {
  ...{ place: words.OWN, cases: CASES, facts: words.facts },
  known: [
    [/^events 1 to 5 are missing: too old$/, (one) => one.gap !== null],
    [
      /^How this network was trained; accuracy (?<figure>.+) on examples it never saw\.$/,
      (one, { figure }) => same(figure, preset(one).metrics.accuracy) && one.gap === null,
    ],
    [
      /^How this network was trained\.$/,
      (one) => typeof preset(one).metrics?.accuracy !== "number" && one.gap === null,
    ],
    nothing((one) => one.target.kind !== "preset"),
  ],
});
/** Whether a dot of fresh examples is drawn: beside the loss, or beside the metric. */
const dots = (/** @type {any} */ { looks, metrics }) =>
  ["loss", Object.keys(metrics.values)[0]].some((name) => (looks.fresh[name] ?? []).some(Number.isFinite));
const mixed = (/** @type {any} */ one) => [1].includes(asked(one)?.task.T_min);
sceptic("LEGEND", {
  ...{ place: words.LEGEND, cases: CASES, facts: words.facts },
  known: [
    nothing((one) => !dots(one)),
    [
      /^Line: training batch, delays mixed; dot and chance: fresh examples with the longest\.$/,
      (one) => dots(one) && mixed(one),
    ],
    [/^Line: training batch, dot: fresh examples\.$/, (one) => dots(one) && !mixed(one)],
  ],
});
const trained = (/** @type {any} */ one, /** @type {string | undefined} */ figures) => {
  const { update, metrics } = preset(one);
  const accuracy = metrics?.accuracy ?? null;
  const due = [update && `${grouped(update)} updates`, accuracy !== null && "accuracy"].filter(Boolean);
  const told = figures ? figures.slice(2, -1).split(", ") : [];
  return told.length === due.length && told.every((part, at) => part.startsWith(due[at]));
};
const BEFORE = "^This network was trained before(?<figures> \\([^)]*\\))?\\. ";
sceptic("EMPTY", {
  ...{ place: words.EMPTY, cases: CASES, facts: words.facts },
  known: [
    [/^Its curves are on their way\.$/, (one) => one.run !== null && one.run.update > 0],
    [/^No update yet\.$/, (one) => one.run !== null && one.run.update === 0],
    [/^Of a stored network no curves are kept\.$/, (one) => one.target.kind === "checkpoint"],
    [
      new RegExp(`${BEFORE}Its curves are on their way\\.$`),
      (one, { figures }) => preset(one).pretrained && preset(one).history && trained(one, figures),
    ],
    [
      new RegExp(`${BEFORE}Press Train to watch one learn\\.$`),
      (one, { figures }) => preset(one).pretrained && !preset(one).history && trained(one, figures),
    ],
    [/^Curves appear when a run trains\. Press Train\.$/, (one) => !preset(one).pretrained],
  ],
});
const skipped = (/** @type {any} */ { metrics }) =>
  metrics.update.filter((/** @type {number} */ _, /** @type {number} */ at) => metrics.skipped[at] === 1);
const last = (/** @type {any} */ one) => grouped(skipped(one).at(-1));
sceptic("SKIPPED", {
  ...{ place: words.SKIPPED, cases: CASES, facts: words.facts },
  known: [
    nothing((one) => skipped(one).length === 0),
    [
      /^Update (?<last>[\d,]+) was skipped: its gradient was not finite, so the weights stayed as they were\.$/,
      (one, told) => skipped(one).length === 1 && told.last === last(one),
    ],
    [
      new RegExp(
        "^(?<n>\\d+) updates were skipped, the last at (?<last>[\\d,]+): their gradients were not finite, " +
          "so the weights stayed as they were\\.$",
      ),
      (one, told) => skipped(one).length === +told.n && +told.n > 1 && told.last === last(one),
    ],
  ],
});
const live = (/** @type {any} */ one) => ["queued", "running", "paused"].includes(one.run?.status);
const shorter = (/** @type {any} */ { run: one }) =>
  ["sab", "tbptt"].includes(one.spec.model.method) && one.parameters.k_trunc !== 1;
sceptic("IF_MORE", {
  ...{ place: words.IF_MORE, cases: CASES, facts: words.facts },
  known: [
    nothing((one) => skipped(one).length === 0 || !live(one)),
    [
      /^If more follow, lower learning_rate or k_trunc; a shorter sequence helps too\.$/,
      (one) => skipped(one).length > 0 && live(one) && shorter(one),
    ],
    [
      /^If more follow, lower learning_rate; a shorter sequence helps too\.$/,
      (one) => skipped(one).length > 0 && live(one) && !shorter(one),
    ],
  ],
});

/** Updates of looks that are still to come. */
const coming = (/** @type {any} */ { update, updates }) =>
  list(100, (at) => (at + 1) * 125).filter((at) => at > update && at <= updates);
const BEST = [null, null, { metric: "accuracy", value: 0.1, update: 125 }];
const RUNS = CASES.flatMap((one, at) => (one.run ? [{ ...one.run, best: BEST[at % 3] }] : []));
const unseen = (/** @type {any} */ one) => one.best === null;
const trains = (/** @type {any} */ one) => live({ run: one });
sceptic("UNJUDGED", {
  ...{ place: words.UNJUDGED, cases: RUNS, facts: words.runFacts },
  known: [
    [/^Its only look at fresh examples tells nothing: two are needed\.$/, (one) => !trains(one) && !unseen(one)],
    [
      /^One look at fresh examples tells nothing, and no other is to come\.$/,
      (one) => trains(one) && !unseen(one) && coming(one).length === 0,
    ],
    [
      /^One look at fresh examples tells nothing yet: the next is at update (?<next>\d+)\.$/,
      (one, { next }) => trains(one) && !unseen(one) && coming(one)[0] === +next,
    ],
    [
      /^Nobody looked at fresh examples while this run trained\.$/,
      (one) => unseen(one) && !trains(one) && one.update >= 125,
    ],
    [
      /^No look at fresh examples: it ended before update 125\.$/,
      (one) => unseen(one) && !trains(one) && one.update < 125,
    ],
    [
      /^No look at fresh examples: it ends before update (?<next>\d+)\.$/,
      (one, { next }) =>
        unseen(one) && trains(one) && coming(one).length === 0 && one.updates < +next && one.update < +next,
    ],
    [
      /^No look at fresh examples yet: the (?<which>first|next) is at update (?<next>\d+)\.$/,
      (one, { which, next }) =>
        unseen(one) && trains(one) && coming(one)[0] === +next && (which === "first") === (next === "125"),
    ],
  ],
});
