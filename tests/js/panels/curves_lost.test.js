// Updates whose figures were lost, recounted from the rows of the curves.

import * as words from "../../../static/js/panels/curves/words.js";
import { chances, list, many } from "../support/awkward.js";
import { grouped, nothing, sceptic } from "../support/sceptic.js";
import { run, state } from "../support/traces.js";

const CASES = many(400, (seed) => {
  const { one, some, whole } = chances(seed);
  const [rows, apart] = [whole(0, 4), one([1, 200])];
  const metrics = {
    update: list(rows, (at) => 900 + at * apart),
    loss: list(rows, () => one([1, 1, NaN])),
    ...{ gradient_norm: list(rows, () => NaN), learning_rate: list(rows, () => NaN), skipped: list(rows, () => 0) },
    values: some(0.5) ? { accuracy: list(rows, () => 0.5) } : {},
  };
  return state({ run: run({}), metrics });
});

/** @param {any} one @returns {number[][]} rows of nothing but an update, each with the last update before the next */
const lost = ({ metrics: { update, loss, values } }) =>
  loss.flatMap((/** @type {number} */ value, /** @type {number} */ row) =>
    Number.isNaN(value) && !values.accuracy && update[row + 1] ? [[update[row], update[row + 1] - 1]] : [],
  );
sceptic("LOST", {
  ...{ place: words.LOST, cases: CASES, facts: words.facts },
  known: [
    nothing((one) => lost(one).length === 0),
    [
      /^Update (?<told>[\d,]+) has no figures: they were lost before they could be kept\.$/,
      (one, { told }) => lost(one).length === 1 && lost(one)[0].every((at) => grouped(at) === told),
    ],
    [
      /^Updates (?<told>.*) have no figures: they were lost before they could be kept\.$/,
      (one, { told }) =>
        told ===
          lost(one)
            .map((pair) => [...new Set(pair)].map((at) => grouped(at)).join(" to "))
            .join(", ") &&
        (lost(one).length > 1 || lost(one)[0][0] < lost(one)[0][1]),
    ],
  ],
});
