// Curves as they come over HTTP → the columns of the store. Pure.

/**
 * @param {Pick<Wire.Curves, keyof Metrics>} answer of a metrics route
 * @returns {Metrics} NaN where JSON has null
 */
export function columnsOf({ update, loss, gradient_norm, learning_rate, skipped, values }) {
  const plain = (/** @type {(number | null)[]} */ column) => column.map((value) => value ?? NaN);
  const named = Object.entries(values).map(([name, column]) => [name, plain(column)]);
  return {
    update,
    loss: plain(loss),
    gradient_norm: plain(gradient_norm),
    learning_rate: plain(learning_rate),
    skipped,
    values: Object.fromEntries(named),
  };
}
