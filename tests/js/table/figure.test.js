import assert from "node:assert/strict";
import { test } from "node:test";

import { chartOf } from "../../../static/js/table/overlay/curves/chart.js";
import { smoothed } from "../../../static/js/table/overlay/curves/mean.js";
import { overlayCsv } from "../../../static/js/table/overlay/figure/csv.js";
import { placeOf } from "../../../static/js/table/overlay/figure/level.js";
import { overlayFigure } from "../../../static/js/table/overlay/figure/figure.js";
import { paperUrl } from "../../../static/js/table/overlay/figure/paper.js";
import { lookOf } from "../../../static/js/table/overlay/figure/look.js";
import { fetched, overlaid as state, run } from "../support/runs.js";

const look = { text: "#000000", muted: "#666666", line: "#cccccc", panel: "#ffffff", curves: Array(7).fill("#0072b2") };
const size = { width: 900, height: 440 };

const runs = [run("r1"), run("r2", { training: { seed: 2 }, name: "<b>bold</b>" })];
const both = { r1: fetched([10, 20, 30], [0.1, 0.2, 0.3]), r2: fetched([10, 20], [0.3, 0]) };

test("a mean has a band where there are two runs, grows pale where there is one, and a text is no markup", () => {
  const some = state(runs, both);
  const { data, layout } = overlayFigure(chartOf(some), some.overlay, look, size);
  const metric = /** @type {PlotScatter[]} */ (data).filter(({ yaxis }) => yaxis === "y2");
  assert.deepEqual(
    metric.map(({ fill, opacity, x }) => [fill ?? "", opacity ?? 0, x]),
    [
      ["toself", 0, [10, 20, 20, 10]],
      ["", 1, [10, 20]],
      ["", 0.45, [20, 30]],
    ],
  );
  assert.deepEqual([layout.yaxis.type, layout.yaxis2?.type], ["log", undefined], "loss is logarithmic, a share is not");
  const each = state(runs, both, { lines: "each" });
  const names = overlayFigure(chartOf(each), each.overlay, look, size).data.map(
    (one) => /** @type {PlotScatter} */ (one).name,
  );
  assert.ok(names.some((name) => name?.includes("&lt;b&gt;bold")));
});

test("a smoothed line keeps the measured one beneath it", () => {
  const some = state(runs, both, { smooth: 0.5, show: "metric" });
  const { data } = overlayFigure(chartOf(some), some.overlay, look, size);
  const lines = /** @type {PlotScatter[]} */ (data).filter(({ fill }) => !fill);
  assert.deepEqual(lines[0].y, [0.2, 0.1, 0.3]);
  assert.deepEqual(lines[1].y, smoothed([0.2, 0.1, 0.3], 0.5).slice(0, 2));
});

test("a value of 0 is a gap on a logarithmic axis, and its band ends at the foot", () => {
  const some = state(runs, both, { lines: "each", show: "loss" });
  const { data } = overlayFigure(chartOf(some), some.overlay, look, size);
  assert.ok(/** @type {PlotScatter[]} */ (data).some(({ y }) => y.includes(null)));
});

test("neighbours differ in colour, dash and mark, and thirty places are all different without colour", () => {
  const colours = Array.from({ length: 7 }, (_, place) => `#00000${place}`);
  const looks = Array.from({ length: 30 }, (_, place) => lookOf(place, colours));
  assert.equal(new Set(looks.map(({ dash, mark }) => `${dash} ${mark}`)).size, 30);
  for (const [place, one] of looks.slice(1).entries())
    for (const part of /** @type {const} */ (["color", "dash", "mark"])) assert.notEqual(one[part], looks[place][part]);
});

test("the numbers of an overlay say what they are, one row for each update of each curve", () => {
  const some = state(runs, both, { show: "metric", smooth: 0.9 });
  const lines = overlayCsv(chartOf(some), some.overlay, ["1 of 2 runs learned.", "Smoothed by 0.9, …"]).split("\n");
  const rows = lines.filter((line) => !line.startsWith("#"));
  assert.deepEqual(rows, [
    "update,metric,curve,mean,low,high,n",
    "10,accuracy,copy T=10 SAB · mean of seeds 0 and 2,0.2,0.1,0.3,2",
    "20,accuracy,copy T=10 SAB · mean of seeds 0 and 2,0.1,0,0.2,2",
    "30,accuracy,copy T=10 SAB · mean of seeds 0 and 2,0.3,0.3,0.3,1",
    "",
  ]);
  const head = lines.filter((line) => line.startsWith("#")).join("\n");
  assert.match(head, /1 of 2 runs learned/);
  assert.match(head, /curve copy T=10 SAB · mean of seeds 0 and 2: r1 r2/);
  assert.doesNotMatch(head, /Smoothed/);
});

test("B16: a curve that is called as a formula begins is a text in its rows", () => {
  const some = state([run("r1", { name: "=1+1" })], { r1: fetched([10], [0.1]) });
  const rows = overlayCsv(chartOf(some), some.overlay, []).split("\n");
  assert.ok(
    rows.some((row) => row.includes(",'=1+1,")),
    rows.join("\n"),
  );
});

test("the name of a level stands where no curve lies; if there is no such place it is drawn still", () => {
  const axis = /** @type {any} */ ({ log: false, range: [0, 1] });
  const room = { wide: 800, high: 200, last: 1000 };
  const flat = (/** @type {number} */ y, x = [0, 500, 1000]) => {
    const all = x.map(() => y);
    return { x, mean: all, low: all, high: all, n: x.map(() => 1), of: 1 };
  };
  assert.deepEqual([placeOf(0.5, axis, [], room).x, placeOf(0.5, axis, [], room).above], [1, true]);
  assert.equal(placeOf(0.5, axis, [flat(0.53)], room).above, false, "the other side is free");
  const both = placeOf(0.5, axis, [flat(0.53, [600, 1000]), flat(0.47, [600, 1000])], room);
  assert.ok(both.x < 0.6, `${both.x}`);
  const steep = { ...flat(0), x: [970, 1000], mean: [0, 1], low: [0, 1], high: [0, 1] };
  assert.ok(placeOf(0.5, axis, [steep], room).x < 0.985, "a line that only passes through counts too");
  const full = placeOf(0.5, axis, [flat(0.5), flat(0.53), flat(0.47)], room);
  assert.ok(full.x <= 1 && Number.isFinite(full.x));
  assert.equal(placeOf(0.01, axis, [], room).above, true, "never below the axis");
  assert.equal(placeOf(0.99, axis, [], room).above, false, "never above it");
  const log = placeOf(0.1, { ...axis, log: true, range: [-2, 0] }, [flat(0.115)], room);
  assert.equal(log.above, false);
});

test("for a paper the server is asked for the shown curves, as means where they are means", () => {
  const some = state([...runs, run("r3", { model: { k_top: 9 } })], { ...both, r3: fetched([10], [0.5]) });
  const chart = chartOf(some);
  assert.equal(
    paperUrl(chart, some.overlay),
    "/api/runs/r1/export?panel=curves&format=pdf&baseline=r2%2Cr3&seeds=true",
  );
  const without = { ...some.overlay, off: [chart.curves[0].key] };
  assert.equal(paperUrl(chart, without), "/api/runs/r3/export?panel=curves&format=pdf");
  const each = { ...some, overlay: { ...some.overlay, lines: /** @type {const} */ ("each") } };
  assert.ok(!paperUrl(chartOf(each), each.overlay).includes("seeds"));
  assert.throws(() => paperUrl({ ...chart, curves: [] }, some.overlay), /no curve is shown/);
});
