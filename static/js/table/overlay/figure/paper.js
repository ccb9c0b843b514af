// The overlay as a figure for a paper, drawn by the server: the address that it has there. Pure.

/**
 * The curves that are shown, means over seeds where they are shown as such. It has an axis for every metric, and fresh
 * examples as dots; nothing is smoothed.
 * @param {import("../curves/chart.js").Chart} chart @param {Table.Overlay} overlay
 */
export function paperUrl({ curves }, { off }) {
  const shown = curves.filter(({ key, loss, metric }) => !off.includes(key) && loss.x.length + metric.x.length > 0);
  const [first, ...others] = shown.flatMap(({ runs }) => runs.map(({ id }) => id));
  if (first === undefined) throw new Error("no curve is shown");
  const query = new URLSearchParams({ panel: "curves", format: "pdf" });
  if (others.length) query.set("baseline", others.join(","));
  if (shown.some(({ runs }) => runs.length > 1)) query.set("seeds", "true");
  return `/api/runs/${encodeURIComponent(first)}/export?${query}`;
}
