// A bar as part of a path: many bars are one element, which is what keeps a live strip fluent.

/**
 * @param {number} left px
 * @param {number} foot px
 * @param {number} width px
 * @param {number} height px, upwards
 */
export function barPath(left, foot, width, height) {
  const [across, up] = [width.toFixed(1), height.toFixed(1)];
  return `M${left.toFixed(1)} ${foot}h${across}v-${up}h-${across}z`;
}
