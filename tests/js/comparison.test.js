import assert from "node:assert/strict";
import { test } from "node:test";

import { signedTable, TABLE_SIZE } from "../../static/js/draw/colours.js";
import { attentionFigure } from "../../static/js/panels/attention/figure.js";
import { attentionGrid, attentionPixels } from "../../static/js/panels/attention/grid.js";
import { attentionLook } from "../../static/js/panels/attention/look.js";
import { endLabels } from "../../static/js/panels/curves/ends.js";
import { curvesFigure } from "../../static/js/panels/curves/figure.js";
import { traceCaption } from "../../static/js/exports/caption.js";
import { serverUrl } from "../../static/js/exports/files.js";
import { tableOf } from "../../static/js/exports/tables.js";
import { reduce } from "../../static/js/state/reducer.js";
import { NO_METRICS } from "../../static/js/state/reducers/run.js";
import {
  baselineCurves,
  compared,
  differenceTrace,
  unlike,
  wantedBaseline,
} from "../../static/js/state/selectors/comparison.js";
import { sentence } from "../../static/js/page/words/sentences.js";
import { fromHash, toHash } from "../../static/js/state/url_state.js";
import { following, state, trace } from "./support/traces.js";

const theme = /** @type {any} */ ({
  dark: false,
  panel: "#ffffff",
  less: "#0b5fa5",
  more: "#b35900",
  baseline: "#7b3fa0",
  text: "#000",
  muted: "#666",
  line: "#ddd",
  accent: "#06c",
  warn: "#c00",
});
const target = { kind: "run", id: "r2" };
const other = trace({ attention: { reader: [1, 4, 4], source: [-1, 0, 2], weight: [0.9, 0.25, 0.75], score: [] } });
const pinned = (/** @type {any} */ change = {}) =>
  following({
    baseline: { target, name: "two", trace: other, metrics: null, problem: null },
    difference: true,
    ...change,
  });

test("the difference is own minus baseline in every cell that either of them reads", () => {
  const merged = differenceTrace(trace(), other, "two");
  const cells = Array.from(merged.attention.reader, (reader, index) => [
    reader,
    merged.attention.source[index],
    merged.attention.weight[index],
  ]);
  assert.deepEqual(cells, [
    [1, -1, 0],
    [1, 0, 0.1],
    [4, 0, 0.93 - 0.25],
    [4, -1, 0.07],
    [4, 2, -0.75],
  ]);
  assert.deepEqual(merged.versus, { name: "two", own: [0.9, 0.1, 0.93, 0.07, 0], base: [0.9, 0, 0.25, 0, 0.75] });
});

test("memories of both are columns, also where k_att differs", () => {
  const sparse = trace({ memories: [-1, 1, 3], attention: { reader: [4], source: [3], weight: [1], score: [] } });
  assert.deepEqual(differenceTrace(sparse, other, "two").memories, [-1, 0, 1, 2, 3]);
});

test("another task, another length or other symbols give words instead of a picture", () => {
  assert.equal(unlike(trace(), other, "two"), "");
  assert.match(
    unlike(trace(), trace({ task: { name: "adding" } }), "two"),
    /“two” is adding with 5 steps, this network is copy with 5 steps/,
  );
  assert.match(unlike(trace(), trace({ steps: 9 }), "two"), /copy with 9 steps/);
  assert.match(unlike(trace(), trace({ inputs: [1, 8, 8, 9, 8] }), "two"), /another sequence/);
  assert.match(compared(pinned(), trace({ steps: 9 })).message, /Pin a baseline of the same task and length/);
  assert.equal(compared(pinned({ difference: false }), trace({ steps: 9 })).message, "");
});

test("equal weights have no colour, more here is one colour, less the other", () => {
  const merged = differenceTrace(trace(), other, "two");
  const grid = attentionGrid(merged);
  const look = attentionLook(merged, theme);
  const pixels = attentionPixels(merged, grid, look);
  const at = (/** @type {number} */ row, /** @type {number} */ source) =>
    Array.from(
      pixels.slice(
        (row * grid.columns + (grid.column.get(source) ?? 0)) * 4,
        (row * grid.columns + (grid.column.get(source) ?? 0)) * 4 + 4,
      ),
    );
  assert.equal(at(1, -1)[3], 0);
  assert.ok(at(4, 0)[0] > at(4, 0)[2], "orange");
  assert.ok(at(4, 2)[2] > at(4, 2)[0], "blue");
  assert.deepEqual([look.min, look.max, look.ticks], [-1, 1, [-1, 0, 1]]);
  const [heat] = attentionFigure(merged, grid, theme, {
    width: 300,
    height: 300,
    live: false,
    margin: { l: 0, r: 0, t: 0, b: 0 },
  }).data;
  assert.deepEqual(heat.customdata[4][grid.column.get(2) ?? 0], ["the microstate of step 2", 0, 0.75]);
  assert.equal(heat.z[4][grid.column.get(2) ?? 0], -0.75);
});

test("the scale of differences is centred on the colour of the panel", () => {
  const table = signedTable("#0b5fa5", "#ffffff", "#b35900");
  const middle = [...table.slice((TABLE_SIZE / 2) * 3, (TABLE_SIZE / 2) * 3 + 3)];
  assert.ok(middle.every((part) => part > 240));
  assert.deepEqual([...table.slice(0, 3)], [11, 95, 165]);
  assert.deepEqual([...table.slice(-3)], [179, 89, 0]);
});

test("a baseline stays when another network comes into view, and goes only when it is released", () => {
  let now = reduce(pinned(), { type: "open", target: { kind: "preset", id: "copy" } });
  assert.equal(now.baseline?.name, "two");
  now = reduce(now, { type: "baseline/release" });
  assert.deepEqual([now.baseline, now.difference], [null, false]);
});

test("what the baseline lacks is asked for, once for each example", () => {
  assert.equal(wantedBaseline(pinned()), null);
  assert.deepEqual(wantedBaseline(pinned({ example: 3 })), { target, example: 3 });
  const late = reduce(state(), { type: "baseline/loaded", target, trace: other, metrics: null });
  assert.equal(late.baseline, null, "an answer for a baseline that was released is dropped");
});

test("curves of the baseline are dashed, in a colour of their own, and both are named at their ends", () => {
  const metrics = {
    ...NO_METRICS,
    update: [1, 2],
    loss: [2, 1],
    gradient_norm: [1, 1],
    learning_rate: [1, 1],
    skipped: [0, 0],
    values: { accuracy: [0, 0.5] },
  };
  const figure = curvesFigure(metrics, [], theme, { width: 300, height: 200 }, null, {
    name: "a rather long name",
    metrics: {
      ...metrics,
      update: [1, 2, 5],
      loss: [2, 1, 0.9],
      values: { accuracy: [0, 0.5, 1] },
      skipped: [0, 0, 0],
    },
  });
  const dashed = figure.data.filter((one) => one.line?.dash);
  assert.deepEqual(
    dashed.map((one) => [one.yaxis, one.line.color]),
    [
      ["y", theme.baseline],
      ["y2", theme.baseline],
    ],
  );
  assert.deepEqual(figure.layout.xaxis.range, [0, 5]);
  assert.deepEqual(
    figure.layout.annotations.map((/** @type {any} */ note) => note.text),
    ["this", "a rather lon…", "this", "a rather lon…"],
  );
});

test("names of lines that end together stand apart", () => {
  const points = { x: [1], y: [1] };
  const shifts = endLabels(
    [
      { name: "this", points, color: "#000" },
      { name: "two", points, color: "#111" },
    ],
    { yref: "y2", log: false, span: 1 },
  ).map((note) => note.yshift);
  assert.equal(new Set(shifts).size, 2);
});

test("a network is not compared with its own curves, nor with those of another task", () => {
  const metrics = { ...NO_METRICS, update: [1] };
  const full = pinned({ baseline: { target, name: "two", trace: other, metrics, problem: null } });
  assert.equal(baselineCurves(full)?.name, "two");
  assert.equal(baselineCurves({ ...full, target }), null);
  assert.equal(
    baselineCurves({
      ...full,
      baseline: { target, name: "two", trace: trace({ task: { name: "adding" } }), metrics, problem: null },
    }),
    null,
  );
});

test("baseline and difference travel in the link", () => {
  const { view } = fromHash(toHash(pinned()));
  assert.deepEqual([view.baseline?.target, view.difference], [target, true]);
  assert.equal(fromHash("#preset=copy&baseline=run.<x>").view.baseline, null);
});

test("a reset keeps the curves and the picture so far, to be laid over the next attempt", () => {
  const metrics = { ...NO_METRICS, update: [1, 2] };
  const before = following({ metrics, live: trace() });
  const rewound = {
    type: "frame",
    at: 0,
    message: { kind: "rewound", run: "r1", attempt: 2, data: { attempt: 2, seed: 4 } },
  };
  let now = reduce(before, rewound);
  assert.deepEqual([now.metrics.update, now.earlier?.name, now.earlier?.metrics?.update], [[], "attempt 1", [1, 2]]);
  now = reduce(now, { type: "baseline/earlier" });
  assert.equal(baselineCurves(now)?.name, "attempt 1", "the run is compared with its own past");
  assert.equal(wantedBaseline({ ...now, example: 3 }), null, "the server no longer has it");
  assert.match(
    compared({ ...now, difference: true, baseline: { .../** @type {any} */ (now.baseline), trace: null } }, trace())
      .message,
    /left no picture/,
  );
  assert.equal(toHash(now), "run=r1", "a link cannot bring it back");
  assert.equal(
    reduce(reduce(now, { ...rewound, message: { ...rewound.message, attempt: 3, data: { attempt: 3 } } }), {
      type: "nothing",
    }).earlier?.name,
    "attempt 1",
    "an attempt without an update takes nobody's place",
  );
});

test("the sentence, the table and the caption of a difference say both sides of it", () => {
  const merged = differenceTrace(trace(), other, "two");
  assert.equal(
    sentence("attention", { trace: merged, step: 4, metrics: NO_METRICS }),
    "Weights of this network minus those of two. The largest difference at step 4 is for step 2: 0 exactly here, " +
      "0.75 there.",
  );
  const { columns } = tableOf("attention", merged, NO_METRICS);
  assert.deepEqual(
    columns.map(([name]) => name),
    ["reader", "source", "weight", "baseline", "difference"],
  );
  assert.deepEqual(
    columns.map(([, cells]) => cells[4]),
    [4, 2, 0, 0.75, -0.75],
  );
  assert.equal(traceCaption("attention", merged, null).baseline, "two");
});

test("what the server cannot draw is exported as one sees it, and the page says so", () => {
  const merged = differenceTrace(trace(), other, "two");
  assert.throws(() => serverUrl(pinned(), "attention", "pdf", merged), /as you see it/);
});
