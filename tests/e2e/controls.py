"""Walks over every control of a page: what is there, whether it is grey and why, and whether it does anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

TOOLS = """
window.walker = (() => {
  const PARTS = 'button, input, select, textarea, a, summary, [role=button], [role=slider], [role=application]';
  const seen = one => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const pause = ms => new Promise(done => setTimeout(done, ms));
  // Arcs, steps and updates are many of one kind.
  const kind = text => text.trim().replace(/\\s+/g, ' ').replace(/(step|source|weight|credit).*\\d.*/, '$1 #');
  const nameOf = one => kind(one.getAttribute('aria-label') || one.name || one.id || one.textContent || '');
  function keyOf(one) {
    const place = one.closest('dialog, [popover], [data-testid], form, header, footer, section, aside');
    const value = one.type === 'radio' || one.name === 'rules' ? one.value : '';
    const openers = '[aria-controls=panel-menu][aria-expanded=true]';
    const opener = place?.matches('[popover]') && document.querySelector(openers);
    const room = opener ? nameOf(opener) : place?.id || place?.dataset.testid || place?.tagName;
    return [room, one.tagName, nameOf(one), value].join(' ').trim();
  }
  const all = () => {
    const top = [...document.querySelectorAll('dialog[open], [popover]:popover-open')].pop() ?? document;
    return [...top.querySelectorAll(PARTS)].filter(seen);
  };
  const facts = one => ({
    key: keyOf(one),
    off: one.matches(':disabled') || one.getAttribute('aria-disabled') === 'true',
    why: `${one.title ?? ''} ${one.closest('[title]')?.title ?? ''}`,
    href: one.getAttribute('href'),
  });
  const parts = () => [...document.body.children].filter(one => one.tagName !== 'SCRIPT');
  const state = () => parts().map(one => one.outerHTML).join('') + location.hash + (window.saved ?? '')
    + [...document.querySelectorAll('input, select')].map(one => [one.value, one.checked]).join();
  async function still() {
    for (let [before, same] = [state(), 0]; same < 3; ) {
      await pause(50);
      const next = state();
      [same, before] = next === before ? [same + 1, before] : [0, next];
    }
  }
  const fire = (one, ...types) => types.forEach(type => one.dispatchEvent(new Event(type, { bubbles: true })));
  const press = (one, key) => one.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const acts = {
    select(one) {
      const other = [...one.options].find(option => !option.disabled && !option.hidden && option.value !== one.value);
      if (other) one.value = other.value;
      fire(one, 'input', 'change');
    },
    slide(one) {
      const { value, step } = one;
      for (const by of [5, -5]) if (one.value === value) one.value = String(Number(value) + by * Number(step || 1));
      fire(one, 'input', 'change');
    },
    type(one) {
      one.value += '1';
      fire(one, 'input', 'change');
    },
    step(one) {
      const { value } = one;
      press(one, 'ArrowUp');
      if (one.value === value) press(one, 'ArrowDown');
    },
    keys: one => press(one, 'ArrowLeft'),
    click: one => (one.click ? one.click() : one.dispatchEvent(new MouseEvent('click', { bubbles: true }))),
  };
  function how(one) {
    const role = one.getAttribute('role');
    if (role === 'slider' || role === 'application') return 'keys';
    if (role === 'spinbutton') return 'step';
    if (one.tagName === 'SELECT') return 'select';
    if (one.tagName !== 'INPUT' || ['radio', 'checkbox'].includes(one.type)) return 'click';
    return one.type === 'range' ? 'slide' : 'type';
  }
  return {
    list: () => all().map(facts),
    // The page writes what it shows into the address a while after it shows it; timers of a page keep their order.
    rest: () => still().then(() => pause(400)),
    // Whether anything was another within ten seconds; null where it is not there, or grey meanwhile.
    async act(key) {
      await still();
      const one = all().find(other => keyOf(other) === key && !facts(other).off);
      if (!one) return null;
      const [before, focus] = [state(), document.activeElement];
      acts[how(one)](one);
      // To move the focus to a place that it names is all that some do.
      const moved = () => document.activeElement !== focus && document.activeElement !== document.body;
      for (let tries = 0; tries < 200; tries += 1) {
        await pause(50);
        if (state() !== before || (tries >= 40 && moved())) return true;
      }
      return false;
    },
  };
})();
"""


@dataclass
class Walk:
    """What was found on the way."""

    page: Page
    start: str
    """The link of the view that is walked from, with its #."""
    acted: set[str] = field(default_factory=set)
    idle: list[str] = field(default_factory=list)
    """What can be pressed and does nothing."""
    dumb: set[str] = field(default_factory=set)
    """What is grey and does not say that it needs a server."""
    known: set[str] = field(default_factory=set)
    """What was in sight and could be pressed."""
    links: dict[str, str] = field(default_factory=dict)
    """Links that lead away, by their address."""

    def everything(self) -> None:
        """Act on each control in sight, and on each that it brings in sight."""
        self.page.evaluate(TOOLS)
        self.page.on("download", lambda one: self.page.evaluate("name => { window.saved = name; }", one.path().name))
        self.page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")
        for key in self._new():
            self._act([key])

    def _act(self, way: list[str]) -> None:
        if len(way) == 1 or way[-1] not in {one["key"] for one in self._list()}:
            self._rest()
            for key in way[:-1]:
                self.page.evaluate("key => walker.act(key)", key)
        done = self.page.evaluate("key => walker.act(key)", way[-1])
        if done is False:
            self.idle.append(" › ".join(way))
        if done is not None:
            self.acted.add(way[-1])
        if done and len(way) < 3:
            for key in self._new():
                self._act([*way, key])

    def _new(self) -> list[str]:
        """Controls that were never in sight before and can be pressed; the others are noted."""
        fresh = []
        for one in self._list():
            key = one["key"]
            if key in self.known:
                continue
            if one["off"]:
                if "server" not in one["why"]:
                    self.dumb.add(key)
            elif one["href"] and not one["href"].startswith("#"):
                self.links[key] = one["href"]
            else:
                fresh.append(key)
                self.known.add(key)
        return fresh

    def _list(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("() => walker.list()")
        return found

    def _rest(self) -> None:
        """Back to the view that was opened."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Escape")
        self.page.evaluate(
            """async view => {
              await walker.rest();
              document.querySelectorAll('dialog[open]').forEach(one => one.close());
              if (location.hash !== view) location.hash = view;
            }""",
            self.start,
        )
