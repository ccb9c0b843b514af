// What several sceptics recount alike, from nothing but the trace.

const SPACED = /^(?:k_top = 0 and )?k_att = (\d+) in (\d+) steps$/;

/** Whether a reader could choose a memory that was written before it. @param {any} trace */
export const canRead = ({ parameters: { k_top, k_att }, steps }) => k_top > 0 && k_att < steps;

/**
 * Whether no written memory can be read, and for just the knobs that are named.
 * @param {any} trace @param {string} told "k_top = 0", "k_att = 60 in 50 steps", or both
 */
export function unreadFor({ parameters: { k_top, k_att }, steps, attention }, told) {
  const spaced = SPACED.exec(told);
  const late = k_att >= steps;
  const named = [told.startsWith("k_top = 0"), spaced !== null && +spaced[1] === k_att && +spaced[2] === steps];
  const read = Array.from(attention.source).some((source) => source >= 0);
  return !read && named[0] === (k_top === 0) && named[1] === late;
}
