// Traces kept so that a step or an update that was seen before needs no request.

const KEPT = 160;

/** A small memory of answers, the oldest forgotten first. */
export function createMemory() {
  /** @type {Map<string, Trace>} */
  const known = new Map();
  return {
    get: (/** @type {string | null} */ key) => (key === null ? undefined : known.get(key)),
    keep(/** @type {string | null} */ key, /** @type {Trace} */ trace) {
      if (key === null) return;
      known.set(key, trace);
      if (known.size > KEPT) known.delete(/** @type {string} */ (known.keys().next().value));
    },
  };
}
