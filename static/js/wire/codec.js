// The binary frames of the stream, read: one JSON header, then typed arrays (docs/protocol.md, app/wire/codec.py).
// Deliberately not here: what an event means. tests/golden holds vectors that Python and this file must both match.

const READERS = {
  u8: Uint8Array,
  u16: Uint16Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** @typedef {[type: keyof typeof READERS, shape: number[], offset: number]} Entry one array of the table */

/** Bytes that are not one of our frames. */
export class FrameError extends Error {}

/**
 * The message as it was encoded; arrays are views into the buffer, those of other rank than 1 carry `shape`.
 * @param {ArrayBuffer} buffer one frame
 * @returns {unknown} whoever asked for the bytes knows what they are
 * @throws {FrameError} when the bytes are not a frame
 */
export function decode(buffer) {
  const { header, start } = split(buffer);
  const { arrays: table, ...body } = header;
  try {
    const arrays = table.map((entry) => view(buffer, start, entry));
    return revive(body, arrays);
  } catch (error) {
    throw new FrameError(`table of arrays does not fit the frame: ${error}`);
  }
}

/**
 * Header and start of the payload.
 * @param {ArrayBuffer} buffer
 * @returns {{header: {arrays: Entry[], [name: string]: unknown}, start: number}}
 */
function split(buffer) {
  const short = () => new FrameError(`frame of ${buffer.byteLength} bytes is cut short`);
  if (buffer.byteLength < 4) throw short();
  const start = 4 + new DataView(buffer).getUint32(0, true);
  if (buffer.byteLength < start) throw short();
  /** @type {unknown} */
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(buffer, 4, start - 4)));
  } catch (error) {
    throw new FrameError(`header is not JSON: ${error}`);
  }
  if (!header || typeof header !== "object" || !("arrays" in header) || !Array.isArray(header.arrays)) {
    throw new FrameError("header is not an object with a table of arrays");
  }
  return { header: { ...header, arrays: header.arrays }, start };
}

/**
 * @param {ArrayBuffer} buffer
 * @param {number} start
 * @param {Entry} entry
 */
function view(buffer, start, [type, shape, offset]) {
  const Reader = READERS[type];
  if (!Reader) throw new FrameError(`array of ${type}: known are ${Object.keys(READERS).join(", ")}`);
  const array = new Reader(
    buffer,
    start + offset,
    shape.reduce((total, size) => total * size, 1),
  );
  return shape.length === 1 ? array : Object.assign(array, { shape });
}

/**
 * @param {unknown} value
 * @param {ArrayBufferView[]} arrays
 * @returns {unknown}
 */
function revive(value, arrays) {
  if (Array.isArray(value)) return value.map((/** @type {unknown} */ part) => revive(part, arrays));
  if (!value || typeof value !== "object") return value;
  const keys = Object.keys(value);
  const table = /** @type {Record<string, unknown>} */ (value);
  if (keys.length === 1 && keys[0] === "$array") {
    const array = arrays[Number(table.$array)];
    if (!array) throw new FrameError(`no array ${table.$array}`);
    return array;
  }
  return Object.fromEntries(keys.map((key) => [key, revive(table[key], arrays)]));
}
