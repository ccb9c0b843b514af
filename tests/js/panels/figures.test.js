import assert from "node:assert/strict";
import { test } from "node:test";

import { attentionFigure, attentionMatrix } from "../../../static/js/panels/attention/figure.js";
import { attentionGrid, attentionPixels } from "../../../static/js/panels/attention/grid.js";
import { attentionLook } from "../../../static/js/panels/attention/look.js";
import { curvesFigure } from "../../../static/js/panels/curves/figure.js";
import { knobMarks } from "../../../static/js/panels/curves/marks.js";
import { thin } from "../../../static/js/panels/curves/points.js";
import { lineLabels } from "../../../static/js/draw/figures/line_labels.js";
import { pathFigure } from "../../../static/js/panels/paths/figure.js";
import { stripFigure } from "../../../static/js/panels/strip/figure.js";
import { NO_LOOKS } from "../../../static/js/state/reducers/columns.js";
import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { trace } from "../support/traces.js";

const theme = /** @type {any} */ ({
  dark: false,
  sab: "#00f",
  truncated: "#f80",
  full: "#333",
  source: "#0a0",
  text: "#000",
  muted: "#666",
  line: "#ddd",
  panel: "#fff",
  accent: "#06c",
  warn: "#c00",
});
const axis = timeAxis(1000, 5);

test("the time axis gives every step its place and takes it back", () => {
  for (let step = 0; step < 5; step += 1) assert.equal(axis.stepAt(axis.x(step)), step);
  assert.equal(axis.stepAt(axis.left - 1), null);
  assert.equal(axis.stepAt(1000), null);
  assert.ok(timeAxis(340, 320).ticks.length < 12);
});

test("there is one arc per skip edge of the shown paths, and ink for every local edge", () => {
  const figure = pathFigure(trace(), axis, 140);
  assert.deepEqual(
    figure.skips.map(({ reader, source, hop, dash }) => [reader, source, hop, dash]),
    [[4, 0, 1, ""]],
  );
  assert.deepEqual(
    figure.locals.map(({ reader, source, shown }) => [reader, source, shown]),
    [[4, 3, true]],
  );
  assert.deepEqual(
    figure.cuts.map((cut) => cut.step),
    [1, 3],
  );
  assert.deepEqual(
    figure.rings.map((ring) => ring.step),
    [0],
  );
  assert.equal(figure.best?.source, 0);
});

test("a skip edge outside the shown paths is not drawn", () => {
  const hidden = trace({ paths: [{ steps: [4, 3], kinds: ["local"], strength: 0.5 }] });
  assert.deepEqual(pathFigure(hidden, axis, 140).skips, []);
});

test("width follows credit, dash follows the hop, the threshold memory is dotted", () => {
  const edges = [
    { kind: "skip", reader: 4, source: 2, credit: 0.4, weight: 0.5, chosen: true },
    { kind: "skip", reader: 2, source: 0, credit: 0.1, weight: 0.5, chosen: true },
    { kind: "skip", reader: 4, source: 1, credit: 0.01, weight: 0, chosen: false },
  ];
  const paths = [
    { steps: [4, 2, 0], kinds: ["skip", "skip"], strength: 0.1 },
    { steps: [4, 1], kinds: ["skip"], strength: 0.01 },
  ];
  const arcs = new Map(pathFigure(trace({ edges, paths }), axis, 140).skips.map((arc) => [arc.source, arc]));
  assert.ok(/** @type {any} */ (arcs.get(2)).width > /** @type {any} */ (arcs.get(0)).width);
  assert.equal(new Set([arcs.get(2)?.dash, arcs.get(0)?.dash, arcs.get(1)?.dash]).size, 3);
});

test("names of lines do not lie on one another", () => {
  const same = { sab: [1, 1, 1, 1, 1], truncated: [1, 1, 1, 1, 1], full: [1, 1, 1, 1, 1] };
  const labels = lineLabels(same, axis, () => 50);
  assert.equal(labels.length, 3);
  assert.equal(new Set(labels.map((label) => `${Math.round(label.x)} ${Math.round(label.y)}`)).size, 3);
});

test("the heatmap has a pixel only where a memory is read", () => {
  const shown = trace();
  const grid = attentionGrid(shown);
  const pixels = attentionPixels(shown, grid, attentionLook(shown, theme));
  const lit = [];
  for (let cell = 0; cell < pixels.length / 4; cell += 1)
    if (pixels[cell * 4 + 3]) lit.push([Math.floor(cell / grid.columns), grid.sources[cell % grid.columns]]);
  assert.deepEqual(lit, [
    [1, -1],
    [1, 0],
    [4, -1],
    [4, 0],
  ]);
  assert.deepEqual(attentionMatrix(shown, grid)[4], [0.07, 0.93, null, null, null]);
  assert.deepEqual(
    grid.firstMissing,
    [1, 2, 3, 4, 5].map((count) => Math.min(count, 5)),
  );
});

test("a chosen memory with weight exactly zero has no colour", () => {
  const zero = trace({ attention: { reader: [4], source: [0], weight: [0], score: [] } });
  assert.equal(
    attentionPixels(zero, attentionGrid(zero), attentionLook(zero, theme)).some((byte) => byte !== 0),
    false,
  );
});

test("live is a colour bar over an image layer, standing is a real heatmap; both end at 0 and 1", () => {
  const shown = trace();
  const frame = { width: 400, height: 300, margin: { l: 0, r: 0, t: 0, b: 0 } };
  assert.equal(
    attentionFigure(shown, attentionGrid(shown), theme, { ...frame, live: true }).layout.margin?.autoexpand,
    false,
    "or the colour bar shifts the cells from under our own layers",
  );
  const [live] = attentionFigure(shown, attentionGrid(shown), theme, { ...frame, live: true }).data;
  const [still] = attentionFigure(shown, attentionGrid(shown), theme, { ...frame, live: false }).data;
  assert.deepEqual([live.type, live.marker.cmin, live.marker.cmax], ["scatter", 0, 1]);
  assert.deepEqual([still.type, still.zmin, still.zmax], ["heatmap", 0, 1]);
});

test("thinned curves keep their spikes and their ends in order", () => {
  const x = Array.from({ length: 20_000 }, (_, index) => index);
  const y = x.map((value) => (value === 12_345 ? 1000 : value === 777 ? -1000 : Math.sin(value)));
  const thinned = thin(x, y, 250);
  assert.ok(thinned.x.length <= 500);
  assert.ok(thinned.y.includes(1000) && thinned.y.includes(-1000));
  assert.deepEqual(
    thinned.x,
    [...thinned.x].sort((a, b) => a - b),
  );
  assert.equal(thinned.x[thinned.x.length - 1], 19_999, "the newest update is always there");
  assert.deepEqual(thin([1, 2, 3], [1, NaN, 3]), { x: [1, 3], y: [1, 3] });
});

test("a mark says which knob turned", () => {
  const marks = [
    { update: 5, parameters: { k_top: 5, k_trunc: 0 } },
    { update: 9, parameters: { k_top: 2, k_trunc: 0 } },
  ];
  assert.deepEqual(knobMarks(marks, { k_top: 5, k_trunc: 5 }), [
    { update: 5, text: "k_trunc 5 → ∞" },
    { update: 9, text: "k_top 5 → 2" },
  ]);
});

test("skipped updates are marked on the curves", () => {
  const metrics = {
    update: [1, 2],
    loss: [1, NaN],
    gradient_norm: [1, NaN],
    learning_rate: [1, 1],
    skipped: [0, 1],
    values: { accuracy: [0, 0] },
  };
  const beside = { looks: NO_LOOKS, chance: null, baseline: null };
  const { data } = curvesFigure(metrics, [], theme, { width: 300, height: 200 }, null, beside);
  assert.deepEqual(data.find((one) => one.name === "skipped")?.x, [2]);
});

test("the strip shows right and wrong answers, blanks and marks apart", () => {
  const wrong = stripFigure(trace({ predictions: [8, 8, 8, 8, 5] }), 20);
  assert.deepEqual(
    wrong.rows[0].cells.map((cell) => cell.kind),
    ["symbol", "blank", "blank", "marker", "blank"],
  );
  assert.deepEqual(
    wrong.rows[2].cells.map((cell) => cell.kind),
    ["blank", "blank", "blank", "blank", "wrong"],
  );
  const adding = stripFigure(
    trace({
      inputs: [
        [0.3, 1],
        [0.5, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      targets: [null, null, null, null, 0.8],
    }),
    20,
  );
  assert.deepEqual(
    adding.rows[0].cells.slice(0, 2).map((cell) => [cell.level, cell.marked]),
    [
      [0.3, true],
      [0.5, false],
    ],
  );
  assert.equal(adding.rows[2].cells[0].kind, "none");
});
