// A spark as SVG.

import { svg } from "../../draw/layers/dom.js";

/** @param {import("./figure.js").Spark} spark @returns {SVGElement[]} */
export function drawSpark({ lines, band, dot }) {
  return [
    ...(band ? [svg("path", { class: "spark-band", d: band })] : []),
    ...lines.map((d) => svg("path", { class: "spark-line", d })),
    ...(dot ? [svg("circle", { class: "spark-dot", cx: dot.x.toFixed(1), cy: dot.y.toFixed(1), r: 2 })] : []),
  ];
}
