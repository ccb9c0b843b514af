"""The scripts of an exported page: they show what one points at, draw plots in the theme, and print in light colours.

Text, named by hash in the page's own policy. Without them the page still shows its drawings and tables, and a browser
shows the titles by itself.
"""

from __future__ import annotations

TIPS = """
const tip = document.getElementById("tip");
for (const title of [...document.querySelectorAll("svg.drawing title")]) {
  title.parentElement.dataset.tip = title.textContent;
  title.remove();
}
function show(event) {
  const owner = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
  tip.hidden = owner === null;
  if (owner === null) return;
  tip.textContent = owner.dataset.tip;
  const box = owner.getBoundingClientRect();
  const at = "clientX" in event && event.clientX ? [event.clientX, event.clientY] : [box.x + box.width / 2, box.y];
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(Math.min(at[0] + 14, room), 8)}px`;
  const below = at[1] + 18;
  tip.style.top = `${below + tip.offsetHeight > innerHeight ? Math.max(at[1] - tip.offsetHeight - 12, 8) : below}px`;
}
for (const name of ["pointermove", "pointerdown", "focusin"]) document.addEventListener(name, show);
document.addEventListener("focusout", () => { tip.hidden = true; });
document.addEventListener("scroll", () => { tip.hidden = true; }, true);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
const boxes = [...document.querySelectorAll(".scroll")];
for (const box of boxes) {
  box.addEventListener("scroll", () => {
    for (const other of boxes) if (other.scrollLeft !== box.scrollLeft) other.scrollLeft = box.scrollLeft;
  });
  const mark = [...box.querySelectorAll(".step.chosen, .reader")].find((one) => one.getBoundingClientRect().width > 0);
  if (mark) box.scrollLeft = mark.getBoundingClientRect().x - box.getBoundingClientRect().x - box.clientWidth * 0.7;
}
"""

PLOTS = """
const root = document.documentElement;
const blocks = [...document.querySelectorAll("script[data-plot]")];
const NUMBERS = new Set(["x", "y", "z", "customdata"]);
const look = (value) => {
  if (typeof value === "string") {
    const found = /^var[(](--[a-z0-9-]+)[)]$/.exec(value);
    return found ? getComputedStyle(root).getPropertyValue(found[1]).trim() : value;
  }
  if (Array.isArray(value)) return value.map(look);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, NUMBERS.has(name) ? part : look(part)]));
};
function draw(width) {
  for (const block of blocks) {
    const { data, layout } = JSON.parse(block.textContent);
    const box = document.getElementById(block.dataset.plot);
    const size = width ? { width, height: box.clientHeight, autosize: false } : { autosize: true };
    const narrow = box.clientWidth < 560 ? { margin: { ...layout.margin, l: 44, r: 6 } } : {};
    const wanted = { ...look(layout), ...narrow, ...size };
    Plotly.react(box, look(data), wanted, { responsive: !width, displayModeBar: false });
  }
}
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw());
addEventListener("beforeprint", () => { root.dataset.theme = "light"; draw(680); });
addEventListener("afterprint", () => { delete root.dataset.theme; draw(); });
"""
