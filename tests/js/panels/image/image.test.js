import assert from "node:assert/strict";
import { test } from "node:test";

import { pixelOrder } from "../../../../static/js/draw/figures/pixel_order.js";
import { imageFigure, isImage, stepAt } from "../../../../static/js/panels/image/figure.js";
import { answerWords, creditWords, readWords } from "../../../../static/js/panels/image/words.js";
import { trace } from "../../support/traces.js";

const [ROWS, COLUMNS] = [2, 3];
const STEPS = ROWS * COLUMNS;
const task = {
  name: "pixels",
  T: STEPS,
  items: null,
  kind: "classes",
  steps: STEPS,
  symbols: ["zero", "one"],
  default_loss_step: STEPS - 1,
  data: "digits",
  permuted: /** @type {number | null} */ (3),
  shape: [ROWS, COLUMNS, 1],
};

/** An image of six pixels, as bright as their steps. @param {any} change */
const image = (change = {}) =>
  trace({
    task: { ...task, ...change.task },
    steps: STEPS,
    inputs: Array.from({ length: STEPS }, (_, step) => [step / 10]),
    targets: [null, null, null, null, null, 1],
    predictions: [0, 0, 0, 0, 0, 1],
    loss_T: [0, 0, 0, 0, 0, 0.7],
    loss_step: STEPS - 1,
    true_sources: {},
    memories: [-1, 0, 1, 2, 3, 4],
    cuts: [],
    attention: { reader: [5, 5, 5], source: [-1, 1, 3], weight: [0.1, 0.7, 0.2] },
    gradient_norm: { sab: [0, 1e-3, 0, 1, 1e-9, null], truncated: [0, 0, 0, 0, 0, 1], full: [1, 1, 1, 1, 1, 1] },
    edges: [],
    paths: [],
    reach: { sab: [[1, 1], [3, 3]], truncated: [], full: [] }, // prettier-ignore
    ...change,
    ...(change.task ? { task: { ...task, ...change.task } } : {}),
  });

test("only a task of images is shown as a picture", () => {
  assert.equal(isImage(image()), true);
  assert.equal(isImage(trace()), false);
});

test("each pixel lies where it was in the image, whatever the order in which it was read", () => {
  const figure = imageFigure(image(), 5);
  const order = pixelOrder(STEPS, 3);
  assert.notDeepEqual(order, [0, 1, 2, 3, 4, 5]);
  order.forEach((pixel, step) => assert.ok(Math.abs(figure.grey[pixel] - step / 10) < 1e-6));
  for (let step = 0; step < STEPS; step += 1) {
    const [row, column] = [Math.floor(order[step] / COLUMNS), order[step] % COLUMNS];
    assert.equal(stepAt(figure, row, column), step);
    assert.deepEqual(imageFigure(image(), step).at, { row, column });
  }
});

test("zero, tiny and non-finite gradient are three different things in the picture, too", () => {
  const { credit } = imageFigure(image({ task: { permuted: null } }), 5);
  assert.ok(Number.isNaN(credit[0]), "exactly 0 has no colour");
  assert.equal(credit[3], 1);
  assert.ok(credit[1] > 0.4 && credit[1] < 0.6, "three of six decades down");
  assert.equal(credit[4], 0, "tiny has the palest colour");
  assert.ok(Number.isNaN(credit[5]), "not finite has none");
});

test("what is outlined is what the step reads of the image, without the empty memory", () => {
  const { marks, empty } = imageFigure(image({ task: { permuted: null } }), 5);
  assert.deepEqual(
    marks.map(({ row, column }) => [row, column]),
    [[0, 1], [1, 0]], // prettier-ignore
  );
  assert.ok(Math.abs(empty - 0.1) < 1e-6);
});

const reads = (/** @type {number[]} */ source, /** @type {number[]} */ weight) => {
  const reader = source.map(() => 5);
  return readWords(imageFigure(image({ task: { permuted: null }, attention: { reader, source, weight } }), 5), 5);
};

for (const [source, weight, words] of /** @type {[number[], number[], string][]} */ ([
  [[], [], "reads no memory."],
  [[-1], [1], "reads nothing but the empty memory."],
  [[-1, 1], [0.8, 0.2], "reads the empty memory most (weight 0.8), of the image row 0, column 1 (weight 0.2)."],
  [[2], [1], "reads one memory of the image: row 0, column 2 (weight 1)."],
  [[1, 4], [0.3, 0.7], "reads 2 memories of the image, above all that of row 1, column 1 (weight 0.7)."],
  [[0, 1, 4], [0.3, 0.3, 0.4], "reads 3 memories of the image, the heaviest is that of row 1, column 1 (weight 0.4)."],
  [[0, 1], [0, 0], "reads no memory."],
]))
  test(`a step with weights ${weight} on ${source} says so`, () => {
    assert.equal(reads(source, weight), `Step 5 (row 1, column 2) ${words}`);
  });

test("what is said of the gradient counts the steps that it reaches", () => {
  assert.equal(creditWords(image()), "The loss of step 5 sends gradient to 2 of 6 pixels.");
  assert.equal(creditWords(image({ reach: { sab: [] } })), "The loss of step 5 sends no gradient to any pixel.");
  const all = image({ reach: { sab: [[0, 5]] }, loss_step: null });
  assert.equal(creditWords(all), "The whole loss sends gradient to all 6 pixels.");
});

test("a drawing that nobody named has an answer, but neither right nor wrong, and no gradient", () => {
  const own = image({ targets: Array(STEPS).fill(null), reach: { sab: [] } });
  assert.equal(answerWords(own), "The network says one.");
  assert.match(creditWords(own), /^Nobody said what this image shows/);
  assert.equal(answerWords(image()), "The network says one, which is right.");
  assert.equal(answerWords(image({ predictions: [0, 0, 0, 0, 0, 0] })), "The network says zero; it is one.");
});
