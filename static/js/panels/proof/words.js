// What the self-proof says: claims with the facts that they need (selector.js). Pure.

import { claim } from "../../draw/say.js";

export const BADGE = [
  claim("running", "running", "checking …"),
  claim("unavailable", "unavailable", "unavailable"),
  claim("not asked", "!answered", "not asked"),
  claim("all hold", "holds", "{good} of {all} hold"),
  claim("one fails", "one_fails", "1 of {all} fails"),
  claim("some fail", "", "{bad} of {all} fail"),
];

export const SENTENCE = [
  claim("running", "running", "Measuring the identities on these weights."),
  claim("unavailable", "unavailable", "{problem}"),
  claim("not asked", "!answered", "Does this network do what the page says? Measure it on these very weights."),
  claim("not finite", "!finite", "A difference is not finite, update {update}, in float64."),
  claim("largest", "", "Largest relative difference {largest}, update {update}, in float64."),
];
