// The clock on the wall is set back now and then: no duration of the page is measured with it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const FOLDER = new URL("../../static/js/", import.meta.url);
/** Where the time of day is meant: a name that nobody else has, and a date that a person reads. */
const MEANT = new Map([
  ["drivers/commands.js", 1],
  ["table/lines/cells.js", 1],
]);

test("Date.now stands only where the time of day is meant", () => {
  const names = readdirSync(FOLDER, { recursive: true }).map(String);
  const found = names
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name, readFileSync(new URL(name, FOLDER), "utf8").match(/Date\.now|new Date\(\)/g)?.length ?? 0])
    .filter(([, count]) => count);
  assert.deepEqual(new Map(/** @type {[string, number][]} */ (found)), MEANT);
});
