// The hit rate over the whole probe batch, which stands beside that of the example shown. Pure.
// Asked for only where it is the same weights as the picture's, and where it costs little.

import { grouped } from "../../draw/numbers.js";
import { canAsk } from "./history.js";
import { isLive, probeKey, wantedProbe } from "../selectors.js";
import { story } from "../shown.js";

/** Longer sequences would keep the worker from the next question for too long. */
const MOST_STEPS = 400;

/**
 * @param {State} state
 * @returns {ProbeRequest | null}
 */
export function wantedHits(state) {
  const { target, knockouts } = state;
  const { trace, state: freshness } = story(state);
  if (!target || !trace || freshness !== "live" || trace.hit_rate === null || trace.steps > MOST_STEPS) return null;
  if (!canAsk(state)) return null; // the weights of that update are not stored
  const { k_top, k_att } = wantedProbe(state) ?? {};
  return {
    [target.kind]: target.id,
    ...(target.kind === "run" && !state.follow ? { update: trace.update } : {}),
    ...(k_top === undefined ? {} : { k_top }),
    ...(k_att === undefined ? {} : { k_att }),
    ...(knockouts.out.length ? { knocked_out: knockouts.out } : {}),
  };
}

/**
 * @param {State} state
 * @returns {ProbeRequest | null} what has to be asked now; of a run that trains again with each new picture
 */
export function hitsToAsk(state) {
  const wanted = wantedHits(state);
  const key = probeKey(wanted);
  const { batchHits } = state;
  if (!wanted || key === batchHits?.failedKey) return null;
  if (batchHits?.key !== key || !batchHits.found) return wanted;
  const moved = isLive(state) && state.follow && batchHits.found.update < (story(state).trace?.update ?? 0);
  return moved ? wanted : null;
}

/**
 * @param {State} state
 * @returns {{rate: number, text: string, title: string} | null}
 */
export function batchRate(state) {
  const { batchHits } = state;
  const found = batchHits?.found;
  if (!found || found.hit_rate === null || batchHits.key !== probeKey(wantedHits(state))) return null;
  const other = found.update === story(state).trace?.update ? "" : ` at update ${grouped(found.update)}`;
  return {
    rate: found.hit_rate,
    text: `${Number((found.hit_rate * 100).toPrecision(3))} % over all ${found.examples}${other}`,
    title:
      `${grouped(found.hits)} of ${grouped(found.readers)} readers of the whole probe batch, ` +
      `${found.examples} examples${other}`,
  };
}
