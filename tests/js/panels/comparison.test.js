import assert from "node:assert/strict";
import { test } from "node:test";

import { signedTable, TABLE_SIZE } from "../../../static/js/draw/colours.js";
import { attentionFigure } from "../../../static/js/panels/attention/figure.js";
import { attentionGrid, attentionPixels } from "../../../static/js/panels/attention/grid.js";
import { attentionLook } from "../../../static/js/panels/attention/look.js";
import { endLabels } from "../../../static/js/panels/curves/ends.js";
import { curvesFigure } from "../../../static/js/panels/curves/figure.js";
import { NO_LOOKS, NO_METRICS } from "../../../static/js/state/reducers/columns.js";
import { differenceTrace } from "../../../static/js/state/selectors/comparison.js";
import { trace } from "../support/traces.js";

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

const other = trace({ attention: { reader: [1, 4, 4], source: [-1, 0, 2], weight: [0.9, 0.25, 0.75], score: [] } });

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
  const longer = { ...metrics, update: [1, 2, 5], loss: [2, 1, 0.9], values: { accuracy: [0, 0.5, 1] } };
  const baseline = { name: "a rather long name", metrics: { ...longer, skipped: [0, 0, 0] } };
  const figure = curvesFigure(metrics, [], theme, { width: 300, height: 200 }, null, {
    looks: NO_LOOKS,
    chance: null,
    baseline,
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
    ["this", "baseline", "this", "baseline"],
  );
});

test("names of lines that end together stand apart", () => {
  const points = { x: [1], y: [1] };
  const shifts = endLabels(
    [
      { name: "this", points, color: "#000" },
      { name: "two", points, color: "#111" },
    ],
    { yref: "y2", log: false, span: 1, px: 80 },
  ).map((note) => note.yshift);
  assert.ok(Math.abs(shifts[0] - shifts[1]) >= 13, String(shifts));
});

test("three names that end together keep apart, one that ends elsewhere stays", () => {
  const named = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y) => ({
    name,
    points: { x: [x], y: [y] },
    color: "#000",
  });
  const axis = /** @type {const} */ ({ yref: "y2", log: false, span: 1, px: 100 });
  const curves = [named("this", 10, 0.5), named("two", 10, 0.52), named("chance", 10, 0.45), named("short", 2, 0.5)];
  const notes = endLabels(curves, axis);
  const places = notes.map(({ y, yshift }) => y * axis.px + (yshift ?? 0));
  assert.equal(places[3], 50);
  const rising = places.slice(0, 3).sort((a, b) => a - b);
  assert.ok(rising[1] - rising[0] >= 12 && rising[2] - rising[1] >= 12, String(rising));
  const apart = endLabels([named("this", 10, 0.1), named("chance", 10, 0.9)], axis);
  assert.deepEqual(
    apart.map(({ yshift }) => yshift),
    [0, 0],
  );
});
