// Facts about what the results show, counted from the trials: the sentences of story.js need them. Pure.

import { counted, grouped } from "../../draw/numbers.js";
import { SEED } from "../numbers/axes.js";
import { ranked } from "../numbers/cells.js";
import { figureOf } from "../numbers/trials.js";
import { short } from "../figures/scale.js";
import { hasBand, linesBy, linesOf } from "../figures/band.js";
import { isCompared } from "../figures/heat.js";

/**
 * What the headline and the sentences below it are about: settings, each with all of its trials.
 * @param {Results.View} view @returns {import("../../draw/say.js").Facts}
 */
export function storyFacts(view) {
  const { rows, all, main, kinds } = view;
  const [best, second] = ranked(kinds, main);
  const level = best ? kinds.filter(({ n, mean }) => n > 0 && mean === best.mean).length : 0;
  const learned = rows.filter(({ verdict }) => verdict === "learned").length;
  const live = rows.filter(({ status }) => LIVE.includes(status)).length;
  const lost = rows.filter(({ status }) => status === "failed" || status === "diverged").length;
  const whole = kinds.filter((kind) => kind.learned === kind.of).length;
  return {
    nothing: rows.length === 0,
    figures: best !== undefined,
    live: live > 0,
    tie: level > 1,
    single: kinds.length === 1,
    flat: best !== undefined && best.low === best.high,
    several: (best?.n ?? 0) > 1,
    clear: second !== undefined && clearOf(best, kinds, main),
    overlap: second !== undefined && overlaps(best, second, main),
    anyLearned: learned > 0,
    allLearned: rows.length > 0 && learned === rows.length,
    someWhole: whole > 0 && kinds.length > 1,
    lost: lost > 0,
    narrowed: rows.length < all.length,
    ...storyNumbers(view, { best, second, level, whole, learned, live, lost }),
  };
}

/**
 * The same facts as words that stand in sentences.
 * @param {Results.View} view
 * @param {{best: Results.Cell | undefined, second: Results.Cell | undefined, level: number, whole: number, learned:
 *   number, live: number, lost: number}} counts
 */
function storyNumbers(view, { best, second, level, whole, learned, live, lost }) {
  const { rows, all, main, kinds, held } = view;
  return {
    metric: main.name,
    best: best ? settingWords(best, view) : "",
    mean: best ? short(best.mean) : "",
    low: best ? short(best.low) : "",
    high: best ? short(best.high) : "",
    over: best ? countedAs(best) : "",
    second: second ? settingWords(second, view) : "",
    secondMean: second ? short(second.mean) : "",
    level: grouped(level),
    kinds: counted(kinds.length, "setting"),
    whole: grouped(whole),
    learnedTrials: grouped(learned),
    trials: counted(rows.length, "trial"),
    allTrials: counted(all.length, "trial"),
    liveTrials: counted(live, "trial"),
    lostTrials: counted(lost, "trial"),
    only: Object.entries(held)
      .map(([path, text]) => `${path.slice(path.indexOf(".") + 1)} ${text}`)
      .join(", "),
  };
}

const LIVE = ["queued", "running", "paused"];

/** The settings of trials that share them, without their seed. @param {Results.Cell} kind @param {Results.View} view */
function settingWords({ at }, { settings }) {
  const named = settings.filter(({ path }) => path !== SEED);
  return named.map(({ name, values }, place) => `${name} ${values[at[place]].text}`).join(", ") || "the one setting";
}

/** Seeds where all trials differ in theirs, else trials. @param {Results.Cell} kind */
function countedAs({ rows, n }) {
  const seeds = new Set(rows.map(({ values }) => values[SEED] ?? null));
  return counted(n, seeds.size === rows.length && !seeds.has(null) ? "seed" : "trial");
}

/** Whether the worst trial of one setting is better than the best of every other. @param {Results.Cell} best
 * @param {readonly Results.Cell[]} kinds @param {Results.Metric} metric */
const clearOf = (best, kinds, metric) =>
  best.n > 1 && kinds.every((kind) => kind === best || kind.n === 0 || !overlaps(best, kind, metric));

/** @param {Results.Cell} best @param {Results.Cell} other @param {Results.Metric} metric */
const overlaps = (best, other, { better }) => (better === "higher" ? other.high >= best.low : other.low <= best.high);

/**
 * What a picture over two settings is made of.
 * @param {Results.View} view @returns {import("../../draw/say.js").Facts}
 */
export function pictureFacts(view) {
  const { rows, cells, metric, x, y, others, held } = view;
  const free = others.filter(({ path }) => !(path in held));
  const size = (x?.values.length ?? 1) * (y?.values.length ?? 1);
  const blank = rows.filter((row) => figureOf(row, metric.name) === null).length;
  const lost = rows.filter(({ status }) => status === "failed" || status === "diverged").length;
  const live = rows.filter(({ status }) => LIVE.includes(status)).length;
  const by = linesBy(view);
  const top = ranked(cells, metric)[0]?.mean;
  return {
    axes: x !== null,
    compared: isCompared(view) && top !== undefined,
    tied: cells.filter(({ n, mean }) => n > 0 && mean === top).length > 1,
    two: y !== null,
    mixed: free.length > 0 && cells.some((cell) => new Set(cell.rows.map((row) => spelt(row, free))).size > 1),
    many: cells.some(({ of }) => of > 1),
    alone: cells.some(({ n }) => n === 1),
    blank: blank > 0,
    lost: lost > 0,
    live: live > 0,
    holes: cells.length < size,
    lines: by !== null,
    pooled: y !== null && by === null,
    categories: x !== null && !x.numeric && x.values.length > 1,
    banded: linesOf(view).some(hasBand),
    metric: metric.name,
    about: metric.about,
    x: x?.name ?? "",
    y: y?.name ?? "",
    free: free.map(({ name }) => name).join(", "),
    blankTrials: counted(blank, "trial"),
    lostTrials: counted(lost, "trial"),
    liveTrials: counted(live, "trial"),
    missing: counted(size - cells.length, "combination"),
    yValues: grouped(y?.values.length ?? 0),
  };
}

/** @param {Results.Row} row @param {readonly Results.Axis[]} axes */
const spelt = ({ run }, axes) => axes.map(({ places }) => places.get(run)).join();
