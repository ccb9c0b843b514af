// What the words of the health panel depend on, for a network that trains as most do.

export const usual = {
  reads: true,
  release: false,
  softmax: false,
  updated: true,
  stuck: false,
  floor: false,
  slowScorer: false,
  clipped: true,
  decays: false,
};
