import assert from "node:assert/strict";
import { test } from "node:test";

import { INITIAL, PLAIN_OVERLAY } from "../../../static/js/table/state/initial.js";
import { fromHash, MOST_RUNS, toHash } from "../../../static/js/table/state/link.js";
import { reduce } from "../../../static/js/table/state/reducer.js";

/** @param {Table.State} state @returns {Table.State} */
const opened = (state) => reduce(INITIAL, { type: "opened", view: fromHash(`#${toHash(state)}`) });

test("a table as it is in the beginning has an empty link", () => {
  assert.equal(toHash(INITIAL), "");
  assert.deepEqual(fromHash("").overlay, PLAIN_OVERLAY);
});

test("a link brings back filter, order, groups, chosen runs and how curves are drawn", () => {
  /** @type {Table.Overlay} */
  const overlay = {
    ...PLAIN_OVERLAY,
    lines: "each",
    show: "metric",
    metric: "mse",
    from: "training",
    smooth: 0.65,
    log: { loss: false, accuracy: true },
    all: true,
  };
  const listing = { ...INITIAL.listing, filter: "copy tag:a+b & c", sort: "-best" };
  const state = { ...INITIAL, listing, by: /** @type {const} */ ("verdict"), chosen: new Set(["r1", "r_2"]), overlay };
  const again = opened(state);
  assert.deepEqual(again.overlay, overlay);
  assert.deepEqual([again.listing.filter, again.listing.sort, again.by], ["copy tag:a+b & c", "-best", "verdict"]);
  assert.deepEqual([...again.chosen], ["r1", "r_2"]);
});

test("a link to a group shows that group, unless it says another filter", () => {
  const view = fromHash("#group=g7");
  assert.deepEqual([view.group, view.filter], ["g7", "group:g7"]);
  const cleared = { ...INITIAL, group: "g7", listing: { ...INITIAL.listing, filter: "" } };
  assert.equal(toHash(cleared), "group=g7&filter=");
  assert.deepEqual([opened(cleared).group, opened(cleared).listing.filter], ["g7", ""]);
});

test("what a link spells wrongly is as in the beginning, never guessed", () => {
  const view = fromHash(
    "#by=colour&sort=<b>&runs=r1.R!.r2&smooth=7&lines=all&scale=loss-big.x&metric=<i>&group=A%20B&from=x",
  );
  assert.deepEqual([view.by, view.sort, view.group, [...view.chosen]], ["none", "-created", null, ["r1", "r2"]]);
  assert.deepEqual(view.overlay, PLAIN_OVERLAY);
});

test("a link holds so many runs and no more", () => {
  const chosen = new Set(Array.from({ length: MOST_RUNS + 9 }, (_, place) => `r${place}`));
  assert.equal(opened({ ...INITIAL, chosen }).chosen.size, MOST_RUNS);
});
