// Which setting works, in words: the headline, what stands below it, and what pictures are made of. Facts: facts.js.

import { claim, joined, say } from "../../draw/say.js";
import { pictureFacts, storyFacts } from "./facts.js";

/** @typedef {import("../../draw/say.js").Facts} Facts */

export const HEADLINE = [
  claim("waits", "live !figures", "No trial has come to its first look yet"),
  claim("nothing", "nothing", "There is no trial to show"),
  claim("no figures", "!figures", "No trial left a figure"),
  claim("level", "tie live", "So far, {level} of {kinds} are equally good: {metric} {mean}"),
  claim("tie", "tie", "{level} of {kinds} are equally good: {metric} {mean}"),
  claim("one, live", "single live", "{trials} of one setting: {metric} {mean} so far"),
  claim("one", "single", "{trials} of one setting: {metric} {mean}"),
  claim("best, live", "live", "Best of {kinds} so far: {best}"),
  claim("best", "", "Best of {kinds}: {best}"),
];

export const VALUE = [
  claim("no value", "!figures", ""),
  claim("levels", "tie", "Each of them has that {metric} in the mean of its trials."),
  claim("same", "several flat", "Its {metric} is {mean} with each of {over}."),
  claim("mean", "several", "Its {metric} is {mean} in the mean over {over}, from {low} to {high}."),
  claim("one trial", "", "Its {metric} is {mean}, of one trial: one seed says little."),
];

export const GAP = [
  claim("no gap", "!figures", ""),
  claim("same", "tie", ""),
  claim("clear", "clear", "Each of its trials is better than any other."),
  claim("overlap", "overlap several", "The next, {second} (mean {secondMean}), overlaps with it."),
  claim("unsaid", "", ""),
];

export const LEARNED = [
  claim("none there", "nothing", ""),
  claim("all", "allLearned", "All of {trials} learned."),
  claim("none yet", "!anyLearned live", "None of {trials} has learned yet."),
  claim("none", "!anyLearned", "None of {trials} learned."),
  claim("whole", "someWhole", "{learnedTrials} of {trials} learned; in {whole} of {kinds} all did."),
  claim("some", "", "{learnedTrials} of {trials} learned."),
];

export const LOST = [claim("well", "!lost", ""), claim("lost", "", "Failed or diverged: {lostTrials}, marked ×.")];

export const LIVE = [claim("ended", "!live", ""), claim("live", "", "Still to end: {liveTrials}.")];

export const NARROWED = [
  claim("whole group", "!narrowed", ""),
  claim("narrowed", "", "Shown are those with {only}: {trials} of {allTrials}."),
];

/** What a heatmap is made of. */
export const HEAT = [
  claim("no setting", "!axes", "The trials differ in no setting: all of them are one cell."),
  claim("mixed", "mixed", "A cell is the mean of its trials; they differ in {free} too: hold it to tell them apart."),
  claim("means", "many", "A cell is the mean of its trials, which differ in nothing but the seed."),
  claim("single", "", "A cell is one trial."),
];

/** What the ring around a cell says. */
export const RING = [
  claim("no ring", "!compared", ""),
  claim("rings", "tied", "Ringed: the best {metric}, which several cells have."),
  claim("ring", "", "Ringed: the best {metric}."),
];

/** What the lines of the band are. */
export const BAND = [
  claim("nothing to draw along", "!axes", "The trials differ in no setting: there is nothing to draw along."),
  claim(
    "pooled",
    "pooled",
    "{y} has {yValues} values, too many for a line each: the line is the mean of all trials there.",
  ),
  claim("by lines", "lines", "A line is the mean of the trials with one {y}."),
  claim("one line", "", "The line is the mean of all trials there."),
];

/** How far trials of a line are apart. */
export const SPREAD = [
  claim("spread", "banded", "A band reaches from the least to the most of its trials."),
  claim("no band", "", ""),
];

/** Of the lines of single trials. */
export const DASHED = [
  claim("none dashed", "!blank", ""),
  claim("dashed", "", "Dashed: {blankTrials} without {metric}."),
];

/** Beside both. */
export const BLANK = [
  claim("all there", "!blank", ""),
  claim("blank", "", "Without {metric}: {blankTrials}, which no mean counts."),
];

export const HOLES = [claim("full", "!holes", ""), claim("holes", "", "Hatched: {missing} without a trial.")];

export const APART = [
  claim("by size", "!categories", ""),
  claim("equal", "", "Values of {x} stand at equal distances, as not all of them are numbers."),
];

/** @param {Results.View} view */
export function storyWords(view) {
  const facts = storyFacts(view);
  const said = [VALUE, GAP, LEARNED, LOST, LIVE, NARROWED].map((place) => say(place, facts));
  return { headline: say(HEADLINE, facts), answer: joined(said) };
}

/** What stands below the pictures; each of them asks for its own. @param {Results.View} view */
export function captions(view) {
  const said = SAID.get(view) ?? captionsOf(view);
  SAID.set(view, said);
  return said;
}

/** @type {WeakMap<Results.View, ReturnType<typeof captionsOf>>} */
const SAID = new WeakMap();

/** @param {Results.View} view */
function captionsOf(view) {
  const facts = pictureFacts(view);
  const words = (/** @type {(typeof HEAT)[]} */ ...places) => joined(places.map((place) => say(place, facts)));
  return { heat: words(HEAT, RING, BLANK, HOLES), band: words(BAND, SPREAD, APART, BLANK), lines: words(DASHED) };
}
