// The page of results before anything has come. Pure.

/** @type {Results.Choice} */
export const USUAL = { metric: null, x: null, y: null, held: {}, sort: null };

/** @param {string} group @returns {Results.State} */
export const initial = (group) => ({
  group,
  results: null,
  problem: null,
  wanted: 1,
  got: 0,
  greeted: false,
  choice: USUAL,
  link: { status: "idle", retryAt: 0 },
  theme: "auto",
  notice: null,
});
