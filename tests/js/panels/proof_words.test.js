// What the self-proof says, recounted from the server's answer.

import { proofFacts } from "../../../static/js/panels/proof/selector.js";
import * as words from "../../../static/js/panels/proof/words.js";
import { chances, list, many } from "../support/awkward.js";
import { NUMBER, grouped, same, sceptic } from "../support/sceptic.js";

const CASES = many(500, (seed) => {
  const { one, some, whole } = chances(seed);
  const identities = list(whole(1, 4), (at) => {
    const difference = one([0, 1e-12, 3e-9, 0.5, null]);
    return {
      name: `i${at}`,
      statement: "",
      tolerance: 1e-6,
      difference,
      holds: difference !== null && difference < 1e-6,
    };
  });
  const answer = some(0.8)
    ? { update: one([0, 12_345]), identities, holds: identities.every(({ holds }) => holds) }
    : null;
  const problem = some(0.5) ? { title: "", status: 404, detail: "it is gone." } : null;
  return { status: one(["idle", "running", "done", "done", "unavailable"]), asked: 1, answer, problem };
});
const facts = (/** @type {any} */ one) => proofFacts(one);
const done = (/** @type {any} */ one) => one.status === "done" && one.answer !== null;
const good = (/** @type {any} */ { answer }) => answer.identities.filter((/** @type {any} */ one) => one.holds).length;
const all = (/** @type {any} */ { answer }) => answer.identities.length;
const unasked = (/** @type {any} */ one) => !done(one) && !["running", "unavailable"].includes(one.status);

sceptic("BADGE", {
  ...{ place: words.BADGE, cases: CASES, facts },
  known: [
    [/^checking …$/, ({ status }) => status === "running"],
    [/^unavailable$/, ({ status }) => status === "unavailable"],
    [/^not asked$/, unasked],
    [
      /^(?<n>\d+) of (?<all>\d+) hold$/,
      (one, told) => done(one) && good(one) === +told.n && all(one) === +told.all && one.answer.holds,
    ],
    [
      /^(?<n>\d+) of (?<all>\d+) (?<verb>fails?)$/,
      (one, { n, all: of, verb }) =>
        done(one) && all(one) - good(one) === +n && +n > 0 && all(one) === +of && (verb === "fails") === (n === "1"),
    ],
  ],
});
const known = (/** @type {any} */ { answer }) =>
  answer.identities.map((/** @type {any} */ one) => one.difference).filter((/** @type {any} */ one) => one !== null);
sceptic("SENTENCE", {
  ...{ place: words.SENTENCE, cases: CASES, facts },
  known: [
    [/^Measuring the identities on these weights\.$/, ({ status }) => status === "running"],
    [/^it is gone\.$/, ({ status, problem }) => status === "unavailable" && problem !== null],
    [/^the server gave no answer$/, ({ status, problem }) => status === "unavailable" && problem === null],
    [/^Does this network do what the page says\? Measure it on these very weights\.$/, unasked],
    [
      /^A difference is not finite, update (?<u>[\d,]+), in float64\.$/,
      (one, { u }) => done(one) && known(one).length < all(one) && u === grouped(one.answer.update),
    ],
    [
      new RegExp(`^Largest relative difference (?<d>${NUMBER}), update (?<u>[\\d,]+), in float64\\.$`),
      (one, { d, u }) =>
        done(one) &&
        known(one).length === all(one) &&
        same(d, Math.max(...known(one))) &&
        u === grouped(one.answer.update),
    ],
  ],
});
