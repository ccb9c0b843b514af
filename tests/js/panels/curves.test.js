import assert from "node:assert/strict";
import { test } from "node:test";

import { curvesFigure, curvesMargin } from "../../../static/js/panels/curves/figure.js";
import { levels } from "../../../static/js/panels/curves/chance.js";
import { plainRange } from "../../../static/js/panels/curves/points.js";
import { NO_LOOKS } from "../../../static/js/state/reducers/columns.js";

const theme = /** @type {any} */ ({ text: "#000", accent: "#06c", muted: "#666", panel: "#fff", warn: "#c00" });
const metrics = {
  update: [1, 125, 250],
  loss: [0.5, 0.4, 0.01],
  gradient_norm: [1, 1, 1],
  learning_rate: [1, 1, 1],
  skipped: [0, 0, 0],
  values: { accuracy: [0.1, 0.2, 0.9] },
};
const looks = {
  update: [0, 100, 125, 250],
  health: {},
  fresh: { accuracy: [NaN, NaN, 0.25, 0.95], loss: [NaN, NaN, 0.41, 0.02], ce: [NaN, NaN, 1, 0] },
};
const size = { width: 300, height: 240 };
const chance = { accuracy: 0.125, loss: 2, ce: 2 };

test("guessing is a dashed level on both axes, named at its end, and inside the range of the loss", () => {
  const { layout, data } = curvesFigure(metrics, [], theme, size, null, { looks: NO_LOOKS, chance, baseline: null });
  assert.deepEqual(
    layout.shapes?.map(({ yref, y0, y1, x0, x1, xref }) => [yref, y0, y1, xref, x0, x1]),
    [
      ["y", 2, 2, "paper", 0, 1],
      ["y2", 0.125, 0.125, "paper", 0, 1],
    ],
  );
  assert.ok(layout.shapes?.every(({ line }) => line.dash));
  assert.deepEqual(
    layout.annotations?.map(({ text, x, y, yref }) => [text, x, y, yref]),
    [
      ["chance", 250, Math.log10(2), "y"],
      ["chance", 250, 0.125, "y2"],
    ],
  );
  const [low, high] = layout.yaxis.range ?? [0, 0];
  assert.ok(low < Math.log10(0.01) && high > Math.log10(2));
  assert.equal(data.length, 2, "no look, no dot");
});

test("a level that nobody knows is not drawn, and takes no room", () => {
  const { layout } = curvesFigure(metrics, [], theme, size, null, { looks, chance: null, baseline: null });
  assert.deepEqual([layout.shapes, layout.annotations], [[], []]);
  const loss = curvesFigure(metrics, [], theme, size, null, { looks, chance: { loss: 1 }, baseline: null });
  assert.equal(loss.layout.shapes?.length, 1);
  assert.ok(curvesMargin(false, levels(null, "accuracy")).r < curvesMargin(false, levels({ loss: 1 }, null)).r);
  assert.deepEqual(levels(chance, "hits"), { loss: 2, metric: null });
});

test("fresh examples are dots of the drawn metric and of the loss, where they were due", () => {
  const { data } = curvesFigure(metrics, [], theme, size, null, { looks, chance, baseline: null });
  const dots = data.filter((one) => one.type === "scatter" && one.mode === "markers");
  assert.deepEqual(
    dots.map(({ name, x, y, yaxis }) => [name, x, y, yaxis]),
    [
      ["loss, fresh examples", [125, 250], [0.41, 0.02], "y"],
      ["accuracy, fresh examples", [125, 250], [0.25, 0.95], "y2"],
    ],
  );
  assert.deepEqual(data[0].x, metrics.update, "the line of the training batches stays the first");
});

test("a text is judged by its bits, on a plain axis, and its dots are those of held-out examples", () => {
  const text = { ...metrics, values: { accuracy: [0.1, 0.2, 0.3], bpc: [4.5, 3, 2.5] } };
  const seen = { ...looks, fresh: { bpc: [4.4, 2.9], loss: [3, 2] } };
  const beside = { looks: seen, chance: { bpc: 4.8 }, baseline: null, unseen: "held-out" };
  const { data, layout } = curvesFigure(text, [], theme, size, null, beside);
  const names = data.flatMap((one) => ("name" in one ? [one.name] : []));
  assert.deepEqual(names, ["loss", "bpc", "loss, held-out examples", "bpc, held-out examples"]);
  assert.equal(layout.yaxis2?.type, undefined);
  const [low, high] = layout.yaxis2?.range ?? [0, 0];
  assert.ok(low > 2 && low < 2.5 && high > 4.8 && high < 5.2);
});

test("a metric that is no share has an axis around all that is drawn in it", () => {
  const adding = { ...metrics, values: { mse: [0.3, 0.2, 0.1] } };
  const beside = { looks: NO_LOOKS, chance: { mse: 1 / 6 }, baseline: null };
  const [low, high] = curvesFigure(adding, [], theme, size, null, beside).layout.yaxis2?.range ?? [0, 0];
  assert.ok(low < Math.log10(0.1) && low > Math.log10(0.05) && high > Math.log10(0.3) && high < Math.log10(0.37));
  assert.deepEqual(plainRange([]), [0, 1]);
  assert.deepEqual(plainRange([NaN, Infinity]), [0, 1]);
  const [under, over] = plainRange([2, 2]);
  assert.ok(under < 2 && over > 2);
});

test("an error falls over powers of ten below the loss, with a level of chance and names where they belong", () => {
  const wrong = { ...metrics, values: { mse: [0.2, 0.02, 0.002] } };
  const beside = { looks: NO_LOOKS, chance: { mse: 0.167, loss: 0.167 }, baseline: null };
  const { layout } = curvesFigure(wrong, [], theme, size, null, beside);
  assert.equal(layout.yaxis2?.type, "log");
  const [low, high] = layout.yaxis2?.range ?? [0, 0];
  assert.ok(low < Math.log10(0.002) && high > Math.log10(0.2) && high < 1);
  const notes = layout.annotations?.filter(({ yref }) => yref === "y2").map(({ y }) => y);
  assert.deepEqual(notes, [Math.log10(0.167)]);
  const exact = curvesFigure({ ...metrics, values: { mse: [0.2, 0, 0] } }, [], theme, size, null, beside);
  assert.notEqual(exact.layout.yaxis2?.type, "log", "zero has no place on a log axis");
});

test("C3: a line stops where figures were lost, and begins anew behind them", () => {
  const holed = {
    update: [1, 2, 3, 40, 41],
    loss: [0.5, 0.4, NaN, 0.2, 0.1],
    gradient_norm: [1, 1, NaN, 1, 1],
    learning_rate: [1, 1, NaN, 1, 1],
    skipped: [0, 0, 0, 0, 0],
    values: { accuracy: [0.1, 0.2, NaN, 0.8, 0.9] },
  };
  const { data } = curvesFigure(holed, [], theme, size, null, { looks: NO_LOOKS, chance: null, baseline: null });
  for (const line of data) {
    assert.deepEqual(line.x, [1, 2, 3, 40, 41]);
    assert.ok(Number.isNaN(/** @type {number[]} */ (line.y)[2]), "a gap in the line");
  }
  const diverged = { ...holed, learning_rate: [1, 1, 1, 1, 1] };
  const [loss] = curvesFigure(diverged, [], theme, size, null, { looks: NO_LOOKS, chance: null, baseline: null }).data;
  assert.deepEqual(loss.x, [1, 2, 40, 41], "an update that gave no number is an update that was made");
});
