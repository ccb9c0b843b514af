// The table as a link: filter, order, groups, chosen runs or a group, and how curves are drawn. What is as it was in
// the beginning is left out; what a link spells wrongly is left out too, never guessed. Pure.

import { fraction, flag, identifier, word } from "../../state/url/spelling.js";
import { NEWEST_FIRST, PLAIN_OVERLAY } from "./initial.js";

/** Runs that a link holds. */
export const MOST_RUNS = 64;
const LONGEST_FILTER = 400;
const GROUPS = /** @type {const} */ (["none", "group", "task", "method", "verdict"]);
const SORT = /^-?[a-z_]{1,20}$/;
const METRIC = /^[a-z][a-z0-9_]{0,30}$/;

const by = word(GROUPS);
const lines = word(/** @type {const} */ (["mean", "each"]));
const show = word(/** @type {const} */ (["both", "loss", "metric"]));
const from = word(/** @type {const} */ (["fresh", "training"]));

/** The filter of a link to a group that says none: just this group. @param {string} group */
export const groupFilter = (group) => `group:${group}`;

/** @param {Table.State} state @returns {string} without the leading # */
export function toHash({ listing, by: groups, group, chosen, overlay }) {
  const out = new URLSearchParams();
  const usual = group === null ? "" : groupFilter(group);
  const ids = [...chosen].filter((id) => identifier.value(id) !== null);
  if (group !== null) out.set("group", group);
  if (listing.filter !== usual) out.set("filter", listing.filter);
  if (listing.sort !== NEWEST_FIRST) out.set("sort", listing.sort);
  if (groups !== "none") out.set("by", groups);
  if (group === null && ids.length) out.set("runs", ids.slice(0, MOST_RUNS).join("."));
  if (overlay.lines !== "mean") out.set("lines", overlay.lines);
  if (overlay.show !== "both") out.set("show", overlay.show);
  if (overlay.metric) out.set("metric", overlay.metric);
  if (overlay.from) out.set("from", overlay.from);
  if (overlay.smooth) out.set("smooth", String(overlay.smooth));
  const scales = Object.entries(overlay.log).map(([name, log]) => `${name}-${log ? "log" : "linear"}`);
  if (scales.length) out.set("scale", scales.join("."));
  if (overlay.all) out.set("all", "1");
  return out.toString();
}

/** @param {string} hash with or without # @returns {Table.View} */
export function fromHash(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const said = (/** @type {string} */ name) => params.get(name) ?? "";
  const group = identifier.value(said("group"));
  const filter = params.get("filter") ?? (group === null ? "" : groupFilter(group));
  const ids = group === null ? said("runs").split(".") : [];
  const smooth = fraction.value(said("smooth")) ?? 0;
  return {
    filter: filter.slice(0, LONGEST_FILTER),
    sort: SORT.test(said("sort")) ? said("sort") : NEWEST_FIRST,
    by: by.value(said("by")) ?? "none",
    group,
    chosen: new Set(ids.filter((id) => identifier.value(id) !== null).slice(0, MOST_RUNS)),
    overlay: {
      ...PLAIN_OVERLAY,
      lines: lines.value(said("lines")) ?? "mean",
      show: show.value(said("show")) ?? "both",
      metric: METRIC.test(said("metric")) ? said("metric") : null,
      from: from.value(said("from")),
      smooth: Math.min(smooth, 0.99),
      log: scalesOf(said("scale")),
      all: flag.value(said("all")) ?? false,
    },
  };
}

/** @param {string} text `loss-linear.accuracy-log` @returns {Record<string, boolean>} */
function scalesOf(text) {
  const found = text.split(".").flatMap((part) => {
    const [, name, scale] = /^([a-z][a-z0-9_]{0,30})-(log|linear)$/.exec(part) ?? [];
    return name ? [/** @type {[string, boolean]} */ ([name, scale === "log"])] : [];
  });
  return Object.fromEntries(found);
}
