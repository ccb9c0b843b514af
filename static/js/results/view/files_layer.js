// Pictures as files: the tree that the page draws, in light colours on white, with its title and sentences.

import { fitting, node, text, toText } from "../figures/nodes.js";

const FONT = "Inter, 'Segoe UI', system-ui, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";
const SCALE = 3;
const EDGE = 12;
const LINE_PX = 15;
const LETTER_PX = 6;

/**
 * @param {import("../figures/nodes.js").Figure} figure @param {{title: string, caption: string}} words
 * @param {Results.Look} look
 * @returns {{svg: string, width: number, height: number}}
 */
export function paperOf(figure, { title, caption }, look) {
  const width = figure.width + 2 * EDGE;
  const lines = folded(caption, Math.floor(figure.width / LETTER_PX));
  const height = figure.height + 2 * EDGE + 24 + lines.length * LINE_PX;
  const head = fitting(title, figure.width, 14);
  const tree = node(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, "font-family": FONT },
    node("rect", { width, height, fill: look.panel }),
    text(EDGE, EDGE + 12, head, { "font-size": 14, "font-weight": 650, fill: look.text }),
    node("g", { transform: `translate(${EDGE} ${EDGE + 24})` }, figure.node),
    ...lines.map((line, place) =>
      text(EDGE, EDGE + 24 + figure.height + (place + 1) * LINE_PX, line, { "font-size": 11, fill: look.muted }),
    ),
  );
  return { svg: toText(tree), width, height };
}

/** @param {ReturnType<typeof paperOf>} paper @param {"png" | "svg"} format @returns {Promise<Blob>} */
export async function pictureFile(paper, format) {
  const blob = new Blob([paper.svg], { type: "image/svg+xml" });
  if (format === "svg") return blob;
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [paper.width * SCALE, paper.height * SCALE];
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("the browser could not draw the PNG")))),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @param {string} words @param {number} letters a line holds */
function folded(words, letters) {
  const lines = /** @type {string[]} */ ([]);
  for (const word of words.split(" ").filter(Boolean)) {
    const last = lines.length - 1;
    if (last >= 0 && lines[last].length + word.length < letters) lines[last] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
