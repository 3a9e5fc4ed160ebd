"""What a page looks like to axe-core and to a phone, in light and in dark."""

from itertools import count

from tests import database
from tests.journeys.steps import wait_settled

AXE = database.ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
VIEWS = ((("desk", WIDE, "light"), ("phone", PHONE, "dark")), (("desk", WIDE, "dark"), ("phone", PHONE, "light")))
RUN = """async (tags) => {
  const rest = [["tbody tr:nth-child(n+9)"], [".menu-box .menu-item:nth-child(n+12)"]];
  const found = await axe.run({exclude: rest}, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160) + " " +
    n.any.concat(n.all, n.none).map((c) => c.message).join("; ").slice(0, 300)).slice(0, 4).join(" | ")}`);
}"""
OVERFLOW = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [`sideways overflow: ${document.scrollingElement.scrollWidth} of ${innerWidth} by ` + [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility())
    .map((e) => e.outerHTML.slice(0, 120)).slice(0, 4).join(" | ")]"""
_turns = count()
STILL = """() => {  // colours that are under way are no colours
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""
PAINT = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
}"""


def faults(page, *, turn=None):
    """Return what is wrong with the open page on a desk and on a phone, the one in light, the other in dark.

    Which is which follows ``turn``, or alternates from page to page; of many rows the first eight are looked at.
    """
    wait_settled(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
        page.evaluate(STILL)
    found = []
    for name, size, theme in VIEWS[(next(_turns) if turn is None else turn) % 2]:
        page.set_viewport_size(size)
        page.evaluate(PAINT, theme)
        found += [f"{name}, {theme}: {line}" for line in page.evaluate(RUN, TAGS)]
        found += [f"{name}: {line}" for line in page.evaluate(OVERFLOW)]
    page.set_viewport_size(WIDE)
    return found


def look_at(page, paths):
    """Open each path and hold that nothing is wrong there; with a path comes the status expected, else 200."""
    found = []
    for item in paths:
        path, status = item if isinstance(item, tuple) else (item, 200)
        answer = page.goto(path)
        if answer.status != status:
            found.append(f"{path} answers {answer.status}")
        found += [f"{path} {line}" for line in faults(page)]
    assert not found, "\n" + "\n".join(found)


def look(page, *, turn=None):
    """Hold that nothing is wrong with the open page."""
    found = faults(page, turn=turn)
    assert not found, f"{page.url}\n" + "\n".join(found)
