"""The style of exported pages: the page's own tokens in both themes, the look of its drawings, and print.

One text for every page; the classes are those that strip.py, arcs.py, norms.py and sections.py write.
"""

from __future__ import annotations

from sab_visualiser.app.export.print import palette


def _tokens(colours: dict[str, str], weights: tuple[str, ...]) -> str:
    named = colours | {f"weight-{place}": colour for place, colour in enumerate(weights)}
    return " ".join(f"--{name}: {colour};" for name, colour in named.items())


LIGHT = _tokens(palette.LIGHT, palette.WEIGHT_COLOURS)
DARK = _tokens(palette.DARK, palette.DARK_WEIGHTS)
TOKENS = f"""
:root {{ color-scheme: light; {LIGHT} }}
@media screen and (prefers-color-scheme: dark) {{
  :root:not([data-theme="light"]) {{ color-scheme: dark; {DARK} }}
}}
"""
FRAME = """
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 14px/1.5 Inter, "Segoe UI", system-ui, sans-serif;
}
main {
  max-width: 1124px; margin: 0 auto; padding: 20px 10px 40px; display: grid; gap: 12px;
  grid-template-columns: minmax(0, 1fr);
}
h1 { margin: 0; font-size: 22px; line-height: 1.25; letter-spacing: -0.01em; text-wrap: balance; }
h2 { margin: 0; font-size: 13px; font-weight: 650; }
p, ul, dl { margin: 0; }
.lead { font-size: 15px; max-width: 92ch; }
.meta, .note { color: var(--muted); font-size: 12px; }
.meta { overflow-wrap: anywhere; }
.card {
  background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px;
  min-width: 0;
}
.head { display: flex; flex-wrap: wrap; gap: 2px 14px; align-items: baseline; margin: 4px 0 2px; }
.story > .head { margin-top: 14px; }
.story > .head:first-child { margin-top: 0; }
.key { display: inline-flex; gap: 4px; align-items: center; color: var(--muted); font-size: 12px; }
.scroll { overflow-x: auto; }
.narrow { display: none; }
.pair { display: grid; gap: 12px; grid-template-columns: minmax(0, 1.6fr) minmax(0, 1fr); align-items: start; }
.plot { height: 470px; overflow: hidden; }
#curves { height: 380px; }
#health { height: 640px; }
.alone .plot { height: 620px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
.facts { margin: 4px 0 10px; }
th { text-align: left; font-weight: 600; color: var(--muted); }
th, td { padding: 3px 10px 3px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
td.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 0; }
th.number { text-align: right; padding-right: 0; }
.meter, .number, .readings td { white-space: nowrap; }
.meter { display: inline-block; width: 72px; height: 8px; margin-right: 8px; background: var(--sunken); }
.meter i { display: block; height: 100%; background: var(--sab); }
.wrong-word { color: var(--warn); font-weight: 650; }
.right-word { color: var(--text); font-weight: 650; }
details summary { cursor: pointer; font-size: 13px; font-weight: 650; min-height: 24px; }
.caption { list-style: none; padding: 4px 0 0; color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
code { font: 12px ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere; user-select: all; }
#tip {
  position: fixed; z-index: 9; max-width: min(340px, calc(100vw - 16px)); padding: 5px 8px;
  border: 1px solid var(--edge); border-radius: 6px; background: var(--panel); color: var(--text);
  font-size: 12px; line-height: 1.4; white-space: pre-line; pointer-events: none;
  box-shadow: 0 4px 18px rgb(10 12 15 / 25%);
}
#tip[hidden] { display: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
DRAWINGS = """
svg.drawing { display: block; font-family: Inter, "Segoe UI", system-ui, sans-serif; }
.drawing text { fill: var(--muted); font-size: 11px; }
.drawing .tick, .letter, .broken { text-anchor: middle; }
.drawing .name { text-anchor: end; }
.drawing .small { font-size: 9px; }
.column { fill: transparent; }
.chosen > .column { fill: var(--accent-soft); }
.step:hover > .column { fill: var(--accent-soft); fill-opacity: 0.6; }
.cell { fill: var(--sunken); stroke: var(--edge); stroke-width: 0.75; }
.cell.marker { fill: var(--text); stroke: none; }
.cell.right { fill: var(--accent-soft); stroke: var(--accent); }
.cell.wrong { fill: var(--warn-soft); stroke: var(--warn); stroke-width: 1.75; }
.cell.value { fill: var(--edge); stroke: none; }
.cell.marked { fill: var(--accent); stroke: none; }
.drawing .letter { fill: var(--text); font-size: 12px; }
.drawing .letter.blank { fill: var(--muted); }
.drawing .letter.marker { fill: var(--panel); }
.drawing .letter.wrong { fill: var(--warn); font-weight: 700; text-decoration: line-through; }
.drawing .broken { fill: var(--warn); }
.loss { fill: var(--muted); }
.base { stroke: var(--edge); stroke-dasharray: 1 3; }
.arc, .ink { fill: none; stroke: var(--sab); }
.arc { stroke-linecap: round; }
.arc.broken, .ink.broken { stroke: var(--warn); }
.hit { fill: none; stroke: transparent; stroke-width: 14; pointer-events: stroke; }
.edge { outline: none; }
.edge:hover .arc, .edge:focus-visible .arc { stroke: var(--text); opacity: 1; }
.gap { stroke: var(--panel); stroke-width: 9; }
.blade { fill: none; stroke: var(--muted); stroke-width: 1.2; stroke-linecap: round; }
.ring { fill: none; stroke: var(--source); stroke-width: 2.5; pointer-events: all; }
.reader { fill: var(--text); }
.drawing .source-name { fill: var(--text); text-anchor: middle; }
.drawing .source-name.left { text-anchor: start; }
.ghost { fill: none; stroke: var(--muted); stroke-width: 6; stroke-dasharray: 5 4; }
.ghost.inner { stroke: var(--panel); stroke-width: 4; stroke-dasharray: none; }
.cross { fill: none; stroke: var(--muted); stroke-width: 1.5; }
.drawing .arc-label {
  fill: var(--text); font-size: 12px; text-anchor: middle; stroke: var(--panel); stroke-width: 4;
  stroke-linejoin: round; paint-order: stroke; pointer-events: none;
}
.narrow .arc-label { font-size: 11px; }
.narrow .drawing .name { font-size: 9.5px; }
.grid { stroke: var(--line); }
.cut { stroke: var(--edge); stroke-dasharray: 1 2; }
.reach { fill: var(--accent-soft); opacity: 0.55; }
.norm { fill: none; stroke-width: 1.75; }
.norm-mark { fill: none; stroke-width: 1.1; }
.norm.sab, .norm-mark.sab { stroke: var(--sab); }
.norm.truncated, .norm-mark.truncated { stroke: var(--truncated); }
.norm.full, .norm-mark.full { stroke: var(--full); }
.dot { stroke: none; }
.dot.sab { fill: var(--sab); }
.dot.truncated { fill: var(--truncated); }
.dot.full { fill: var(--full); }
.norm-mark.cross { stroke-width: 1.8; }
"""
MEDIA = """
@media (max-width: 759px) {
  h1 { font-size: 18px; }
  main { padding-inline: 4px; gap: 8px; }
  header { padding-inline: 6px; }
  .card { padding: 8px; }
  .wide { display: none; }
  .narrow { display: block; }
  .pair { grid-template-columns: minmax(0, 1fr); }
  .plot { height: 400px; }
  .meter { width: 40px; }
  th, td { padding-right: 6px; }
}
@media (min-width: 760px) and (max-width: 1139px) { .wide.fits svg { width: 100%; height: auto; } }
@media print {
  body { background: none; }
  main { max-width: none; padding: 0; display: block; }
  main > * { margin-bottom: 10px; }
  .wide { display: block; }
  .narrow, #tip, .modebar { display: none !important; }
  .wide svg { width: 100%; height: auto; }
  .scroll { overflow: visible; }
  .pair { display: block; }
  .card { break-inside: avoid; }
  .story { break-inside: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
PAPER = f"@media print {{ .card {{ border-color: {palette.LIGHT['edge']}; }} }}\n"
STYLE = TOKENS + FRAME + DRAWINGS + MEDIA + PAPER
