import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pixelOrder } from "../../../../static/js/draw/figures/pixel_order.js";

/** @type {{pixels: number, seed: number | null, order: number[]}[]} */
const golden = JSON.parse(readFileSync(new URL("../../../golden/pixel_orders.json", import.meta.url), "utf8"));

test("the page reads images in the order in which Python does", () => {
  for (const { pixels, seed, order } of golden) assert.deepEqual(pixelOrder(pixels, seed), order, `${pixels} ${seed}`);
});
