// What stands around the curves: claims with the facts that they need, counted here too. Pure.

import { counted, grouped, readable } from "../../draw/numbers.js";
import { claim, joined, say } from "../../draw/say.js";
import { fixedReason } from "../../draw/figures/methods.js";
import { sameTask } from "../../state/selectors/comparison.js";
import { presetInView, trainedFigures } from "../../state/selectors/history.js";
import { LOOK_EVERY, UNSEEN } from "../../wire/contract.js";
import { holes, mainMetric } from "./points.js";

const LIVE = new Set(["queued", "running", "paused"]);

/** Below the curves. */
export const OTHER = [
  claim("same task", "!other_task", ""),
  claim("other task", "", "The baseline learns another task ({other_task}), so its curves are not drawn here."),
];
export const OWN = [
  claim("gap", "gap", "{gap}"),
  claim("preset", "accuracy", "How this network was trained; accuracy {accuracy} on examples it never saw."),
  claim("preset without accuracy", "preset", "How this network was trained."),
  claim("run", "", ""),
];
export const LOST = [
  claim("none", "!lost", ""),
  claim("one", "one_lost", "Update {lost} has no figures: they were lost before they could be kept."),
  claim("several", "", "Updates {lost} have no figures: they were lost before they could be kept."),
];
export const LEGEND = [
  claim("no dots", "!dots", ""),
  claim("mixed", "mixed", "Line: training batch, delays mixed; dot and chance: {unseen} examples with the longest."),
  claim("dots", "", "Line: training batch, dot: {unseen} examples."),
];

/** Where there is no curve. */
export const EMPTY = [
  claim("on their way", "updated", "Its curves are on their way."),
  claim("no update", "run", "No update yet."),
  claim("stored", "checkpoint", "Of a stored network no curves are kept."),
  claim(
    "trained, history",
    "pretrained history",
    "This network was trained before{figures}. Its curves are on their way.",
  ),
  claim("trained", "pretrained", "This network was trained before{figures}. Press Train to watch one learn."),
  claim("live", "", "Curves appear when a run trains. Press Train."),
];

/** Of updates whose gradient was not finite. */
export const SKIPPED = [
  claim("none", "!skipped", ""),
  claim("one", "one", "Update {last} was skipped: its gradient was not finite, so the weights stayed as they were."),
  claim(
    "several",
    "",
    "{skipped} were skipped, the last at {last}: their gradients were not finite, so the weights stayed as they were.",
  ),
];
export const IF_MORE = [
  claim("none", "!skipped", ""),
  claim("over", "!live", ""),
  claim("blocks", "blocks", "If more follow, lower learning_rate or k_trunc; a shorter sequence helps too."),
  claim("no shorter blocks", "", "If more follow, lower learning_rate; a shorter sequence helps too."),
];

/** Why a run has no verdict. */
export const UNJUDGED = [
  claim("one look, over", "looked !live", "Its only look at {unseen} examples tells nothing: two are needed."),
  claim("one look, to end", "looked !in_time", "One look at {unseen} examples tells nothing, and no other is to come."),
  claim("one look", "looked", "One look at {unseen} examples tells nothing yet: the next is at update {next}."),
  claim("nobody looked", "!live passed", "Nobody looked at {unseen} examples while this run trained."),
  claim("ended before", "!live", `No look at {unseen} examples: it ended before update ${LOOK_EVERY}.`),
  claim("ends before", "!in_time", "No look at {unseen} examples: it ends before update {next}."),
  claim("first", "!passed", "No look at {unseen} examples yet: the first is at update {next}."),
  claim("next", "", "No look at {unseen} examples yet: the next is at update {next}."),
];

/** @param {State} state */
export const note = (state) => joined([OTHER, OWN, LOST, LEGEND].map((place) => say(place, facts(state))));
/** @param {State} state */
export const emptyNote = (state) => say(EMPTY, facts(state));
/** @param {State} state */
export const skippedNotice = (state) => joined([SKIPPED, IF_MORE].map((place) => say(place, facts(state))));
/** @param {RunView} run */
export const unjudged = (run) => say(UNJUDGED, runFacts(run));

/** @param {State} state @returns {import("../../draw/say.js").Facts} */
export function facts(state) {
  const { baseline, metrics, run, target } = state;
  const preset = presetInView(state);
  const accuracy = preset?.metrics?.accuracy;
  const figures = preset ? trainedFigures(preset, 4) : "";
  const skipped = metrics.update.filter((_, row) => metrics.skipped[row]);
  const lost = holes(metrics);
  const task = run?.spec.task ?? preset?.spec.task;
  return {
    other_task: sameTask(state) ? "" : (baseline?.trace?.task.name ?? ""),
    ...{ gap: state.gap ?? "", preset: preset !== null, checkpoint: target?.kind === "checkpoint" },
    accuracy: typeof accuracy === "number" ? readable(accuracy, 4) : "",
    dots: ["loss", mainMetric(metrics)].some((name) => state.looks.fresh[name ?? ""]?.some(Number.isFinite)),
    unseen: unseenOf(task?.name),
    mixed: task !== undefined && task.T_min !== null && task.T_min !== task.T,
    ...{ run: run !== null, updated: (run?.update ?? 0) > 0 },
    ...{ pretrained: preset?.pretrained === true, history: preset?.history === true },
    lost: lost.map(({ from, to }) => (from === to ? grouped(from) : `${grouped(from)} to ${grouped(to)}`)).join(", "),
    one_lost: lost.length === 1 && lost[0].from === lost[0].to,
    figures: figures ? ` (${figures})` : "",
    ...{ skipped: skipped.length > 0 && counted(skipped.length, "update"), one: skipped.length === 1 },
    ...{ last: grouped(skipped[skipped.length - 1] ?? 0), live: run !== null && LIVE.has(run.status) },
    blocks: !fixedReason(run?.spec.model?.method ?? "sab", "k_trunc") && run?.parameters.k_trunc !== 1,
  };
}

/** @param {RunView} run @returns {import("../../draw/say.js").Facts} */
export function runFacts({ status, update, updates, best, spec }) {
  const next = (Math.floor(update / LOOK_EVERY) + 1) * LOOK_EVERY;
  // Whoever was looked at has a best value; one look alone is no verdict.
  const looked = best !== null && best !== undefined;
  return {
    ...{ looked, live: LIVE.has(status), passed: update >= LOOK_EVERY, in_time: next <= updates, next: String(next) },
    unseen: unseenOf(spec.task.name),
  };
}

/** What the examples of a look are called. @param {string} [task] */
export const unseenOf = (task = "") => UNSEEN[task] ?? "fresh";
