import assert from "node:assert/strict";
import { test } from "node:test";

import { gradientFigure } from "../../../static/js/panels/gradients/figure.js";
import { gradientScale } from "../../../static/js/panels/gradients/scale.js";
import { reduce } from "../../../static/js/state/reducer.js";
import {
  drawnNorms,
  gradientView,
  normKind,
  normText,
  scaleText,
} from "../../../static/js/panels/gradients/selector.js";
import { timeAxis } from "../../../static/js/draw/time_axis.js";
import { fromHash, toHash } from "../../../static/js/state/url/state.js";
import { state, trace } from "../support/traces.js";

const axis = timeAxis(600, 5);
const theme = /** @type {any} */ ({
  dark: false,
  sab: "#0072b2",
  truncated: "#d55e00",
  full: "#3a3a3a",
  text: "#111",
  muted: "#555",
  line: "#ddd",
  panel: "#fff",
});
const SHARED = { cell: false, each: false };
const BROKEN = { sab: [0, 1e-30, NaN, 0.4, 1.2], truncated: [0, 0, 0, 0.4, 1.2], full: [1, 1, 1, 1, 1] };

/**
 * @param {Trace} shown
 * @param {{cell: boolean, each: boolean, before?: Trace}} how
 * @param {[number, number] | null} locked
 */
function drawn(shown, how = SHARED, locked = null) {
  const view = gradientView(shown, how);
  const scale = gradientScale(drawnNorms(view), null, locked);
  return { scale, data: gradientFigure(view, axis, theme, scale).data };
}
const marks = (/** @type {any[]} */ data, /** @type {string} */ name) =>
  data
    .filter((one) => one.name === name && one.mode === "markers")
    .map((one) => [one.marker.symbol, one.x, one.customdata]);

test("zero, tiny and non-finite are three different marks, named in the tooltip", () => {
  const { data, scale } = drawn(trace({ gradient_norm: BROKEN }));
  assert.deepEqual(marks(data, "SAB"), [
    ["triangle-down-open", [0], ["0 exactly"]],
    ["x", [2], ["not finite"]],
    ["arrow-down", [1], ["1.00000·10⁻³⁰, below the axis"]],
  ]);
  assert.ok(scale.zero < scale.low && scale.nonfinite > scale.high && scale.range[1] > scale.nonfinite);
});

test("C10: norms up to 3·10³⁸ stand on the axis, what is not finite in its lane above them", () => {
  const norms = { sab: [1e38, Infinity, 0.4, NaN, 3.4e38], full: [3.4e38, 1e30, 1e20, 1e10, 1] };
  const { data, scale } = drawn(trace({ gradient_norm: norms }));
  assert.equal(scale.high, 39);
  assert.deepEqual(marks(data, "SAB"), [
    ["x", [1, 3], ["not finite", "not finite"]],
    ["arrow-down", [2], ["0.4, below the axis"]],
  ]);
  const [line] = data.filter((one) => one.name === "full");
  const inside = norms.full.map((norm) => (Math.log10(norm) >= scale.low ? Math.log10(norm) : null));
  assert.deepEqual(line.y, inside);
  for (const one of data) assert.ok(one.y.every((/** @type {number | null} */ y) => y === null || Number.isFinite(y)));
  assert.ok([scale.low, scale.high, scale.zero, scale.nonfinite, ...scale.range].every(Number.isFinite));
  const each = drawn(trace({ gradient_norm: norms }), { cell: false, each: true });
  assert.ok(each.scale.high <= 1, "each rule over its own largest finite norm");
});

test("the gradient line is log10 of the numbers, and nothing else", () => {
  const shown = trace();
  const [line] = drawn(shown).data.filter((one) => one.name === "full");
  assert.deepEqual(
    line.y,
    Array.from(shown.gradient_norm.full, (value) => Math.log10(value)),
  );
});

test("on a scale per rule every line ends at 1, the tooltip keeps the number, and the text warns", () => {
  const { data, scale } = drawn(trace(), { cell: false, each: true });
  const line = data.find((one) => one.name === "SAB");
  assert.deepEqual(
    line?.y.map((/** @type {number | null} */ log) => log && Number(log.toFixed(6))),
    [0.3, 0, 0, 0.4, 1.2]
      .map((value) => value && (Number(Math.log10(value / 1.2).toFixed(6)) || 0))
      .map((log, step) => (step === 1 || step === 2 ? null : log)),
  );
  assert.equal(line?.customdata[4], "1.2");
  assert.match(scaleText(scale, { each: true, locked: false }), /sizes of rules cannot be compared/);
  assert.match(scaleText(scale, { each: false, locked: true }), /^one log axis for all rules, 10.* … 10.*, locked$/);
});

test("a rule that is zero everywhere stays zero on a scale of its own", () => {
  const view = gradientView(trace({ gradient_norm: { sab: [0, 0, 0, 0, 0] } }), { cell: false, each: true });
  assert.deepEqual(drawnNorms(view).sab, [0, 0, 0, 0, 0]);
});

test("a locked range stands still, and what leaves it is marked at its ends", () => {
  const { data, scale } = drawn(trace({ gradient_norm: { sab: [1e-9, 0.01, 50, 0, 0.1] } }), SHARED, [-3, 0]);
  assert.deepEqual([scale.low, scale.high], [-3, 0]);
  assert.deepEqual(marks(data, "SAB"), [
    ["triangle-down-open", [3], ["0 exactly"]],
    ["arrow-down", [0], ["1.00000·10⁻⁹, below the axis"]],
    ["arrow-up", [2], ["50, above the axis"]],
  ]);
});

test("a live scale holds still while the numbers fit", () => {
  const first = gradientScale({ sab: [1e-3, 1] });
  assert.equal(gradientScale({ sab: [2e-3, 0.9] }, first), first);
  assert.notEqual(gradientScale({ sab: [1e-9, 1] }, first), first);
  assert.ok(gradientScale({ sab: [0, 0] }).low < 0, "all zeros still have an axis");
});

test("before a knock-out, rule sab stays as a thin line behind the others", () => {
  const { data } = drawn(trace({ knocked_out: [[4, 0]] }), { ...SHARED, before: trace() });
  assert.deepEqual([data[0].name, data[0].mode, data[0].y[0]], ["SAB before", "lines", Math.log10(0.3)]);
});

test("a number is named by where it stands", () => {
  const scale = { low: -3, high: 0 };
  assert.deepEqual(
    [0, NaN, 1e-4, 10, 0.5].map((value) => normText(value, scale)),
    ["0 exactly", "not finite", "1.00000·10⁻⁴, below the axis", "10, above the axis", "0.5"],
  );
});

test("the table names exact zero, not finite and what is out of reach", () => {
  const column = [0, NaN, 1e-30, 1e-6, 1];
  assert.deepEqual(
    column.map((value) => normKind(value, column)),
    ["0 exactly", "not finite", "1e-30, out of reach", "0.000001, out of reach", null],
  );
});

test("the lock holds one scale: the other one lets go of it; both travel in the link", () => {
  let now = reduce(state({ target: { kind: "preset", id: "copy" } }), { type: "view/lock", range: [-7, -2] });
  assert.match(toHash(now), /lock=-7_-2/);
  assert.deepEqual(fromHash(toHash(now)).view.scale, now.scale);
  now = reduce(now, { type: "view/scale", each: true });
  assert.deepEqual(now.scale, { each: true, locked: null });
  assert.deepEqual(fromHash(toHash(now)).view.scale, now.scale);
  assert.deepEqual(fromHash("#preset=copy&lock=2_-7").view.scale, { each: false, locked: null });
});
