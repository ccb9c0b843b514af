// The binary frames of the stream, read: one JSON header, then typed arrays (docs/protocol.md, app/wire/codec.py).
// tests/golden holds vectors that Python and this file must both match.

const READERS = {
  u8: Uint8Array,
  u16: Uint16Array,
  i16: Int16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
};

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {[type: keyof typeof READERS, shape: number[], offset: number]} Entry one array of the table */

/** Bytes that are not one of our frames. */
export class FrameError extends Error {}

/**
 * The message as it was encoded; arrays are views into the buffer, those of other rank than 1 carry `shape`.
 * @param {ArrayBuffer | Uint8Array<ArrayBufferLike>} frame one frame, or the part of another one that holds it
 * @returns {unknown} whoever asked for the bytes knows what they are
 * @throws {FrameError} when the bytes are not a frame
 */
export function decode(frame) {
  const bytes = /** @type {Bytes} */ (frame instanceof Uint8Array ? frame : new Uint8Array(frame));
  const { header, start } = split(bytes);
  const { arrays: table, ...body } = header;
  try {
    const arrays = table.map((entry) => view(bytes, start, entry));
    return revive(body, arrays);
  } catch (error) {
    throw new FrameError(`table of arrays does not fit the frame: ${error}`);
  }
}

/**
 * Header and start of the payload.
 * @param {Bytes} bytes
 * @returns {{header: {arrays: Entry[], [name: string]: unknown}, start: number}}
 */
function split(bytes) {
  const short = () => new FrameError(`frame of ${bytes.byteLength} bytes is cut short`);
  if (bytes.byteLength < 4) throw short();
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (bytes.byteLength < start) throw short();
  /** @type {unknown} */
  let header;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(4, start)));
  } catch (error) {
    throw new FrameError(`header is not JSON: ${error}`);
  }
  if (!header || typeof header !== "object" || !("arrays" in header) || !Array.isArray(header.arrays)) {
    throw new FrameError("header is not an object with a table of arrays");
  }
  return { header: { ...header, arrays: header.arrays }, start };
}

/**
 * @param {Bytes} bytes
 * @param {number} start
 * @param {Entry} entry offsets are multiples of 8 from a payload that begins on one, inside another frame too
 */
function view(bytes, start, [type, shape, offset]) {
  const Reader = READERS[type];
  if (!Reader) throw new FrameError(`array of ${type}: known are ${Object.keys(READERS).join(", ")}`);
  const array = new Reader(
    bytes.buffer,
    bytes.byteOffset + start + offset,
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
