// The panels that are lists, as tables to take along: the identities of the self-proof, and the runs of this server.
// Pure.

import { KNOBS } from "../wire/contract.js";

/** @typedef {import("./tables.js").Table} Table */

/** @param {ListPanel} panel @param {State} state @returns {Table} */
export function listTable(panel, state) {
  return { panel, columns: panel === "proof" ? identities(state.proof) : runs(state.runs) };
}

/** @param {ListPanel} panel @param {State} state @returns {Caption} */
export function listCaption(panel, { target, proof: { answer } }) {
  if (panel === "runs" || !target) return { panel };
  return { panel, [target.kind]: target.id, ...(answer ? { update: answer.update } : {}) };
}

/** @param {Proof} proof @returns {Table["columns"]} */
function identities({ answer }) {
  if (!answer) throw new Error("nothing was measured yet: press Prove it");
  const found = answer.identities;
  return [
    ["identity", found.map(({ name }) => name)],
    ["statement", found.map(({ statement }) => statement)],
    ["difference", found.map(({ difference }) => difference)],
    ["tolerance", found.map(({ tolerance }) => tolerance)],
    ["holds", found.map(({ holds }) => (holds ? "yes" : "no"))],
  ];
}

/** @param {RunView[]} all newest first @returns {Table["columns"]} */
function runs(all) {
  if (all.length === 0) throw new Error("there are no runs yet: press Train");
  const column = (/** @type {string} */ name, /** @type {(run: RunView) => string | number | null | undefined} */ of) =>
    /** @type {Table["columns"][0]} */ ([name, all.map((run) => of(run) ?? null)]);
  const metrics = [...new Set(all.flatMap((run) => Object.keys(run.metrics)))].sort();
  return [
    column("run", ({ id }) => id),
    column("name", ({ name }) => name),
    column("status", ({ status }) => status),
    column("update", ({ update }) => update),
    column("updates", ({ updates }) => updates),
    column("verdict", ({ verdict }) => verdict?.label),
    column("task", ({ spec }) => spec.task?.name),
    column("T", ({ spec }) => spec.task?.T),
    column("method", ({ spec }) => spec.model?.method),
    column("variant", ({ spec }) => spec.model?.variant),
    ...KNOBS.map((name) => column(name, ({ parameters }) => parameters[name])),
    column("seed", ({ spec }) => spec.training?.seed),
    ...metrics.map((name) => column(name, (run) => run.metrics[name])),
  ];
}
