// A trace written as the API's JSON, as the form the page works with: for tests, which are easier to read that way.

const number = (/** @type {number | null | undefined} */ value) => value ?? NaN;
const column = (/** @type {any} */ given) => (Array.isArray(given) ? given.map(number) : (given ?? []));
const columns = (/** @type {any} */ table) =>
  Object.fromEntries(Object.entries(table ?? {}).map(([key, part]) => [key, column(part)]));

/** @param {Record<string, any>} json */
export function fromJson(json) {
  const { attention } = json;
  return {
    task: {},
    hits: {},
    hit_rate: null,
    knocked_out: [],
    nonfinite: 0,
    paths_hidden: 0,
    share: 0.95,
    skip_credit: null,
    loss: null,
    ...json,
    edges: json.edges.map((/** @type {any} */ edge) => ({
      ...edge,
      credit: number(edge.credit),
      credit_hidden: number(edge.credit_hidden),
      credit_cell: number(edge.credit_cell),
      weight: number(edge.weight),
      chosen: edge.chosen ?? true,
    })),
    loss_T: column(json.loss_T),
    memories: column(json.memories),
    cuts: column(json.cuts),
    attention: {
      reader: column(attention.reader),
      source: column(attention.source),
      weight: column(attention.weight),
      score: column(attention.score),
    },
    gradient_norm: columns(json.gradient_norm),
    gradient_norm_cell: columns(json.gradient_norm_cell),
  };
}
