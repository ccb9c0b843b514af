// What stands in the cells of a run's row, as text, and what the columns are called. Pure.

import { CALLED, CARRIED, EXAMPLES, FIXED, JUDGED } from "../../wire/contract.js";
import { taskWords } from "../../draw/task_words.js";
import { grouped, knobText, readable } from "../../draw/numbers.js";

const LIVE = new Set(["queued", "running", "paused"]);
/** Words of a run that came to nothing, told beside a verdict; the others need none. */
const ENDED_BADLY = new Set(["failed", "diverged", "interrupted", "stopped"]);
export const READ = /** @type {const} */ (["k_top", "k_trunc", "k_att"]);

/**
 * @typedef {{name: string, title: string, below?: string, sort: string | null, about: string, number?: boolean}} Column
 *   `below` stands small under the title; `sort` is the key
 *   of `GET /api/runs`; null where the server has no such order
 */

/** @type {readonly Column[]} */
export const COLUMNS = [
  { name: "name", title: "Name", sort: "name", about: "what the run is called; it leads to the run in the explorer" },
  { name: "method", title: "Method", sort: "method", about: "how the network learns" },
  { name: "task", title: "Task", sort: "task", about: "the task and its length in steps" },
  { name: "seed", title: "Seed", sort: "seed", about: "seed of weights and data", number: true },
  {
    name: "knobs",
    title: "Knobs",
    below: READ.join(" · "),
    sort: null,
    about: "the knobs in force; – where the method has none",
  },
  { name: "verdict", title: "Verdict", sort: "verdict", about: "what became of the run, by looks at unseen examples" },
  { name: "best", title: "Best, unseen", sort: "best", about: "the best value on examples it never saw", number: true },
  { name: "last", title: "Last batch", sort: "last", about: "the value on the newest training batch", number: true },
  { name: "rate", title: "Updates/s", sort: "rate", about: "optimiser updates a second, now or last", number: true },
  { name: "created", title: "Started", sort: "started", about: "when its training was started" },
  { name: "tags", title: "Tags", sort: null, about: "words that a person gave the run" },
];

/** Orders that no column has a head for. */
export const OTHER_ORDERS = /** @type {const} */ ({
  created: "Newest here",
  starred: "Starred",
  update: "Update",
  status: "Status",
});

/**
 * The texts of a row, by column.
 * @param {RunView} run
 * @returns {Record<string, {text: string, title: string}>}
 */
export function cellsOf(run) {
  const { spec, best } = run;
  return {
    method: { text: CALLED[spec.model.method], title: spec.model.variant === "release" ? "variant release" : "" },
    task: { text: taskWords(spec.task), title: taskTitle(spec.task) },
    seed: { text: String(spec.training.seed), title: "" },
    knobs: { text: READ.map((name) => knobOf(run, name)).join(" · "), title: knobsTitle(run) },
    verdict: {
      text: run.verdict?.label ?? "",
      title: [run.verdict?.sentence, run.verdict?.advice].filter(Boolean).join(" "),
    },
    status: { text: statusOf(run), title: statusTitle(run) },
    best: { text: best ? figure(best.metric, best.value) : "–", title: bestTitle(run) },
    last: lastOf(run),
    rate: rateOf(run),
    created: startOf(run),
    imported: importOf(run),
  };
}

/**
 * A value with the name of its metric: it is not the same for every task.
 * @param {string} metric @param {number} value
 */
export const figure = (metric, value) => `${metric} ${value === 0 ? "0" : readable(value, 3)}`;

/** @param {RunView} run */
const bestTitle = ({ best, spec }) =>
  best
    ? `${best.metric} on ${EXAMPLES[spec.task.name] ?? "unseen examples"} at update ${grouped(best.update)}`
    : "nobody has looked yet";

/** What T alone does not tell. @param {RunView["spec"]["task"]} task */
function taskTitle(task) {
  const data = task.data ? `of ${task.data.split("@")[0]}` : "";
  const order =
    task.permuted === null || task.permuted === undefined ? "" : `pixels in the order of seed ${task.permuted}`;
  return [delays(task), data, order, task.carry ? CARRIED : ""].filter(Boolean).join(", ");
}

/** The metric of a run that stands beside its loss. @param {RunView} run @returns {string | null} */
export function metricOf({ best, chance, metrics }) {
  if (best) return best.metric;
  const names = [...new Set([...Object.keys(chance), ...Object.keys(metrics)])].filter((name) => name !== "loss");
  return JUDGED.find((name) => names.includes(name)) ?? names.sort()[0] ?? null;
}

/** @param {RunView} run */
function lastOf(run) {
  const metric = metricOf(run);
  const value = metric === null ? null : (run.metrics[metric] ?? null);
  if (metric === null || value === null) return { text: "–", title: "no update yet" };
  return { text: figure(metric, value), title: `${metric} on the training batch of update ${grouped(run.update)}` };
}

/** The rate of now, else the last of its training. @param {RunView} run */
function rateOf({ updates_per_s: now, trained_per_s: last, status, imported, engine }) {
  const by = engine ? `; on ${engine}` : "";
  if (now !== null && LIVE.has(status))
    return { text: readable(now, 3), title: `updates a second now: the median of its last seconds${by}` };
  if (last === null) return { text: "–", title: "no rate was measured" };
  const where = imported ? ", where it was trained" : "";
  return {
    text: readable(last, 3),
    title: `updates a second when it trained last, the median of seconds${where}${by}`,
  };
}

/** When it was started, wherever that was. @param {RunView} run */
function startOf({ status, created, imported }) {
  if (imported && imported.started === null) return { text: "–", title: "its bundle does not say when it was started" };
  const started = imported?.started ?? created;
  return { text: status === "queued" ? "–" : when(started), title: `started ${new Date(started).toLocaleString()}` };
}

/** That a run is a copy from elsewhere; nothing for one that was started here. @param {RunView} run */
function importOf({ created, imported }) {
  if (!imported) return { text: "", title: "" };
  const title = `imported ${new Date(created).toLocaleString()}, a copy of run ${imported.run}`;
  return { text: "imported", title };
}

/** @param {RunView} run @param {typeof READ[number]} name */
function knobOf({ spec, parameters }, name) {
  const fixed = FIXED[spec.model.method] ?? [];
  // Where no memory is read, nothing depends on how they are spaced.
  const idle = name === "k_att" && fixed.includes("k_top") && spec.model.method !== "attention";
  return fixed.includes(name) || idle ? "–" : knobText(name, parameters[name]);
}

/** @param {RunView} run */
const knobsTitle = (run) => READ.map((name) => `${name} ${knobOf(run, name)}`).join(", ");

/**
 * What share of its updates a run that trains has made, or how one ended early; nothing for any other.
 * @param {RunView} run
 */
function statusOf({ status, update, updates }) {
  if (status === "queued") return status;
  if (LIVE.has(status)) return `${status === "paused" ? "paused " : ""}${Math.floor((100 * update) / updates)} %`;
  return ENDED_BADLY.has(status) ? status : "";
}

/** @param {RunView} run */
function statusTitle({ status, waits, update, updates, reason }) {
  if (status === "queued" && waits) return `queued, waits for ${waits}`;
  return [`${status} · update ${grouped(update)} of ${grouped(updates)}`, reason].filter(Boolean).join(": ");
}

/** @param {Wire.TaskSpec} task */
function delays({ T, T_min: shortest }) {
  return shortest !== null && shortest !== T ? `delays ${shortest} to ${T} mixed` : "";
}

/** Day and time, short: 28 Nov 20:44. @param {string} created */
function when(created) {
  const at = new Date(created);
  const year = at.getFullYear() === new Date().getFullYear() ? undefined : /** @type {const} */ ("numeric");
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short", year });
  return `${day} ${at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}`;
}
