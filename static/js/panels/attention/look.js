// Which colours a heatmap of attention has: weights from 0 to 1; or a scale centred on 0, where weights are differences
// or may be negative (variant release). Never red and green. Pure.

import { signedTable, TABLE_SIZE, tableScale, weightTable } from "../../draw/colours.js";

/**
 * @typedef {{signed: boolean, table: Uint8Array, scale: [number, string][], min: number, max: number,
 *   ticks: number[], title: string, hover: string}} AttentionLook
 */

/** Whether weights may lie below 0. @param {Trace} trace */
export const isSigned = (trace) => trace.versus !== undefined || trace.parameters.variant === "release";

/**
 * @param {Trace} trace
 * @param {Theme} theme
 * @returns {AttentionLook}
 */
export function attentionLook(trace, theme) {
  const signed = isSigned(trace);
  const table = signed ? signedTable(theme.less, theme.panel, theme.more) : weightTable(theme.dark);
  const shared = { signed, table, scale: tableScale(table) };
  if (!signed) return { ...shared, min: 0, max: 1, ticks: [0, 0.5, 1], title: "weight", hover: "weight %{z:.6~g}" };
  const range = { min: -1, max: 1, ticks: [-1, 0, 1] };
  if (!trace.versus) return { ...shared, ...range, title: "weight", hover: "weight %{z:.6~g}" };
  return {
    ...shared,
    ...range,
    title: "weight − baseline",
    hover: "%{customdata[1]:.6~g} here − %{customdata[2]:.6~g} in the baseline = %{z:.6~g}",
  };
}

/** The row of the table that a weight has. @param {AttentionLook} look @param {number} weight */
export function level({ min, max }, weight) {
  const share = (Math.min(Math.max(weight, min), max) - min) / (max - min);
  return Math.round(share * (TABLE_SIZE - 1));
}
