// What stands around the paths: claims with the facts that they need, counted here too. Pure.

import { unread } from "../../draw/figures/methods.js";
import { counted, grouped } from "../../draw/numbers.js";
import { claim, say } from "../../draw/say.js";

/** Below the picture. */
export const NOTE = [
  claim("refused", "error problem", "{problem}"),
  claim("not computed", "error", "this picture could not be computed"),
  claim("held", "held", "held at update {update} meanwhile; × goes back to the newest"),
  claim("under way", "asked", ""),
  claim("untrained, history", "untrained history", "Not trained yet."),
  claim("untrained", "untrained", "Not trained yet: press Train and watch it learn."),
  claim("never reads", "never_reads", "Method {method} reads no memory, so nothing is skipped."),
  claim("nothing read", "unread", "{unread}: no written memory is read, so nothing is skipped."),
  claim("no credit", "!skip_credit", "No skip edge carries credit here."),
  claim("arcs", "", ""),
];

/** Where there is no picture. */
export const WAIT = [
  claim("refused", "error problem", "{problem}"),
  claim("computing", "!empty", "computing the first picture …"),
  claim("waits", "queued", "No snapshot yet: the run waits for its worker."),
  claim("none", "run", "No snapshot yet."),
  claim("no run", "", ""),
];

/** How many paths are shown. */
export const SHARE = [
  claim("one hidden", "one_hidden", "1 path hidden"),
  claim("hidden", "hidden", "{hidden} paths hidden"),
  claim("no path", "!paths", "there is no path"),
  claim("all", "", "all paths shown"),
];

/** @param {Trace} trace @param {PanelState} freshness @param {State} state */
export const note = (trace, freshness, state) => say(NOTE, noteFacts(trace, freshness, state));
/** @param {PanelState} freshness @param {State} state */
export const waitingNote = (freshness, state) => say(WAIT, waitFacts(freshness, state));
/** @param {Trace} trace */
export const shareWords = (trace) => say(SHARE, shareFacts(trace));
/** The picture in a few words. @param {{skips: unknown[], cuts: unknown[]}} figure */
export const pictureWords = ({ skips, cuts }) =>
  `${counted(skips.length, "skip edge")}, ${counted(cuts.length, "cut")}`;

/**
 * @param {Trace} trace @param {PanelState} freshness @param {State} state @returns {import("../../draw/say.js").Facts}
 */
export function noteFacts(trace, freshness, state) {
  const { walk, follow, live, probe, target, snapshots } = state;
  const { method = "sab" } = trace.parameters;
  return {
    ...waitFacts(freshness, state),
    ...{ held: walk !== null && follow && live !== null && live.update > trace.update, update: grouped(trace.update) },
    asked: freshness === "stale" && probe.key !== null,
    untrained: target?.kind === "preset" && trace.update === 0,
    history: snapshots.length > 1,
    ...{ never_reads: method === "tbptt" || method === "bptt", unread: unread(trace), method },
    skip_credit: trace.edges.some(({ kind, credit }) => kind === "skip" && credit !== 0),
  };
}

/** @param {PanelState} freshness @param {State} state @returns {import("../../draw/say.js").Facts} */
export const waitFacts = (freshness, { probe, target, run }) => ({
  ...{ error: freshness === "error", problem: probe.problem?.detail ?? "", empty: freshness === "empty" },
  ...{ run: target?.kind === "run", queued: run?.status === "queued" },
});

/** @param {Trace} trace @returns {import("../../draw/say.js").Facts} */
export const shareFacts = ({ paths, paths_hidden: hidden }) => ({
  ...{ hidden: hidden > 0 && grouped(hidden), one_hidden: hidden === 1, paths: paths.length > 0 },
});
