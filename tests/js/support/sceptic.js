// Reads sentences as a sceptic does: each is recounted from what it is said of, and no condition of a claim is idle.

import assert from "node:assert/strict";
import { test } from "node:test";

import { claimOf, say } from "../../../static/js/draw/say.js";

/**
 * @template Case
 * @typedef {[RegExp, (one: Case, told: Record<string, string>) => boolean]} Recount a whole sentence, and whether it is
 *   so
 */

/**
 * Three tests of a place: every sentence is true of its case, every claim is made somewhere and elsewhere is not, and
 * a claim without one of its conditions is caught lying.
 * @template Case
 * @param {string} name of the place
 * @param {{place: readonly import("../../../static/js/draw/say.js").Claim[], cases: Case[],
 *   facts: (one: Case) => Record<string, boolean | string>, known: Recount<Case>[], taste?: string[]}} how
 *   `taste` names conditions, "claim: fact", that choose what is worth telling: without them another true sentence
 *   would stand there
 */
export function sceptic(name, { place, cases, facts, known, taste = [] }) {
  const counted = cases.map((one) => ({ one, seen: facts(one) }));
  const lie = (/** @type {typeof place} */ claims, /** @type {(typeof counted)[0]} */ { one, seen }) =>
    fault(known, one, say(claims, seen));

  test(`${name}: every sentence is so when it is counted anew`, () => {
    for (const one of counted) assert.equal(lie(place, one), "");
  });

  for (const claim of place)
    test(`${name}: “${claim.name}” is said somewhere, and elsewhere is not`, () => {
      const made = new Set(counted.map(({ seen }) => claimOf(place, seen) === claim));
      assert.deepEqual([...made].sort(), place.length > 1 ? [false, true] : [true]);
    });

  // To say nothing is never a lie.
  for (const claim of place.filter(({ say: text }) => text))
    for (const fact of claim.when) {
      if (taste.includes(`${claim.name}: ${fact}`)) continue;
      test(`${name}: “${claim.name}” without ${fact} is caught lying`, () => {
        const looser = { ...claim, when: claim.when.filter((one) => one !== fact) };
        const loose = place.map((one) => (one === claim ? looser : one));
        assert.ok(
          counted.some((one) => caught(() => lie(loose, one))),
          `${fact} is idle`,
        );
      });
    }
}

/** @param {() => string} lie */
function caught(lie) {
  try {
    return lie() !== "";
  } catch {
    return true; // it speaks of what is not there
  }
}

/**
 * What of a sentence is not so; one that nobody can recount is a fault too.
 * @template Case
 * @param {Recount<Case>[]} known @param {Case} one @param {string} said
 */
function fault(known, one, said) {
  const found = known.map(([pattern, holds]) => ({ match: pattern.exec(said), holds })).find(({ match }) => match);
  if (!found?.match) return `nobody can recount: ${said}`;
  return found.holds(one, found.match.groups ?? {}) ? "" : said || "nothing is said";
}

const POWERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Whether a printed number may be this one. @param {string} told @param {number | null | undefined} value */
export function same(told, value) {
  if (told === "not finite") return value === null || value === undefined || !Number.isFinite(value);
  if (value === null || value === undefined || !Number.isFinite(value)) return false;
  if (told === "0 exactly" || told === "0") return value === 0;
  if (value === 0) return false;
  const [mantissa, power = ""] = told.replace("−", "-").split("·10");
  const exponent = [...power].map((sign) => (sign === "⁻" ? "-" : String(POWERS.indexOf(sign)))).join("");
  return Math.abs(Number(mantissa) * 10 ** Number(exponent || 0) - value) <= 6e-3 * Math.abs(value);
}

export const NUMBER = "(?:0 exactly|not finite|-?[\\d.]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)";

/** "no cut", "1 cut", "1,200 cuts": how many. @param {string} told */
export const howMany = (told) => (told.startsWith("no ") ? 0 : Number(told.replaceAll(",", "").match(/^\d+/)?.[0]));

/** Whether one thing is told as one, and several as several. @param {string} told @param {string} one */
export const wellCounted = (told, one) => told === `no ${one}` || (howMany(told) === 1) === told.endsWith(one);

/** Saying nothing, and when that is due. @param {(one: any) => boolean} so @returns {any} */
export const nothing = (so) => [/^$/, so];

/** A whole number in groups of three, with commas. @param {number} value */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
