// What a network left, read out of the file that this page stands in: app/export/explorable/recording.py wrote it.

import { decode } from "../codec.js";

/**
 * @typedef {{version: string, made: string, origin: string | null, index: string | null, of: [string, string][]}} About
 *   where a recording comes from, and of what it is
 * @typedef {{about: About, target: Target, view: Wire.RunView | Wire.PresetView | null,
 *   hash: string | null, curves: Wire.RunCurves | Wire.PresetCurves | null, updates: number[],
 *   pictures: Uint8Array[], asked: Partial<ProbeRequest>[], answers: Uint8Array[], left_out: string[]}} Recording
 */

/** The recording that stands in the page; null on a page that a server sent. @returns {Promise<Recording | null>} */
export async function recordingHere() {
  const element = globalThis.document?.getElementById("packed-recording");
  if (!element) return null;
  const packed = Uint8Array.from(atob(element.textContent ?? ""), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return /** @type {Recording} */ (decode(await new Response(stream).arrayBuffer()));
}
