// What paper says of where a page comes from.

import assert from "node:assert/strict";
import { test } from "node:test";

import { printedFrom, recordedWords } from "../../../static/js/page/words/recorded.js";

const PAGE = { version: "1.2.3", address: "http://here/#preset=copy" };
const recorded = (/** @type {string | null} */ origin, /** @type {string | null} */ hash = "#run=r1") =>
  /** @type {Recorded} */ (
    /** @type {unknown} */ ({
      about: { version: "0.9", made: "2026-11-29T10:00:00+00:00", origin, index: null, of: [] },
      ...{ hash, pictures: 3, left_out: [] },
    })
  );

test("a page of a server says its program and its own address", () => {
  assert.equal(printedFrom(null, PAGE), "SAB Visualiser 1.2.3 · http://here/#preset=copy");
});

test("a recording says who made it, when, and the address of the view that it was made of", () => {
  assert.equal(
    printedFrom(recorded("https://lab.example/"), PAGE),
    "Recorded by SAB Visualiser 0.9 on 2026-11-29 · https://lab.example/#run=r1",
  );
});

test("what is no address of the web is neither printed nor a link", () => {
  for (const origin of [null, "", "javascript:alert(1)//", "file:///home/me/"]) {
    assert.equal(printedFrom(recorded(origin), PAGE), "Recorded by SAB Visualiser 0.9 on 2026-11-29");
    assert.ok(recordedWords(recorded(origin)).every(({ href }) => !href));
  }
});
