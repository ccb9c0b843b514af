// What a recording says of itself: no link but to the web or beside the file, and all that it lacks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { recordedWords } from "../../../static/js/page/words/recorded.js";

/** @param {Partial<Recorded["about"]>} about @param {Partial<Recorded>} more */
const words = (about = {}, more = {}) =>
  recordedWords({
    about: { version: "1.2.3", made: "2026-11-29T10:00:00+00:00", origin: null, index: null, of: [], ...about },
    hash: "run=r1",
    left_out: [],
    pictures: 0,
    ...more,
  });

test("it says which program made it, when, how many pictures it holds and what it lacks, and no more", () => {
  const [{ text }, ...links] = words();
  assert.equal(
    text,
    "Recorded by SAB Visualiser 1.2.3 on 2026-11-29: no server is asked, and what would need one is grey.",
  );
  assert.deepEqual(links, []);
  const [held] = words({}, { pictures: 1, left_out: ["1 of 9 stored pictures", "no table of attention"] });
  assert.match(held.text, /, with 1 stored picture of the training: /);
  assert.match(held.text, / It has 1 of 9 stored pictures\. It has no table of attention\.$/);
});

test("it leads back to where it was exported, with the view, and to the first page of its site", () => {
  const hrefs = words({ origin: "http://127.0.0.1:8000/#", index: "index.html" }).flatMap(({ href }) => href ?? []);
  assert.deepEqual(hrefs, ["http://127.0.0.1:8000/#run=r1", "index.html"]);
});

test("what is no address of the web and no file beside it is no link", () => {
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//evil.org/x.html", "../up.html", "a/b.html", ""]) {
    const links = words({ origin: bad, index: bad }).filter(({ href }) => href !== undefined);
    assert.deepEqual(links, [], bad);
  }
});
