// Edges by name, and which of them are drawn: local edges with credit, and the skip edges of the shown paths. Pure.

/** @param {{kind: string, reader: number, source: number}} edge */
export const edgeName = ({ kind, reader, source }) => `${kind} ${reader} ${source}`;

/**
 * Every edge of the shown paths, with the smallest hop at which a path takes it (local edges: skips before it).
 * @param {Trace} trace
 * @returns {Map<string, number>}
 */
export function shownEdges(trace) {
  /** @type {Map<string, number>} */
  const hops = new Map();
  for (const path of trace.paths) {
    let hop = 0;
    path.kinds.forEach((kind, index) => {
      if (kind === "skip") hop += 1;
      const name = edgeName({ kind, reader: path.steps[index], source: path.steps[index + 1] });
      hops.set(name, Math.min(hops.get(name) ?? Infinity, hop));
    });
  }
  return hops;
}

/**
 * The edges that are drawn, in the order in which the backward pass takes them: the latest reader first, its local edge
 * before its skip edges. That is the order of the API's list.
 * @param {Trace} trace
 * @returns {Edge[]}
 */
export function drawnEdges(trace) {
  const shown = shownEdges(trace);
  return trace.edges.filter((edge) => edge.credit !== 0 && (edge.kind === "local" || shown.has(edgeName(edge))));
}

/** The skip edges that are drawn, the most credit first. @param {Trace} trace */
export const shownArcs = (trace) =>
  drawnEdges(trace)
    .filter(({ kind }) => kind === "skip")
    .sort((a, b) => b.credit - a.credit);
