"""What axe finds on a screen, without what Odoo's own markup brings along."""

from pathlib import Path

import axe_playwright_python

from .odoo import STOCK

SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """async ([tags, stock]) => {
    const parts = [".o-main-components-container .modal", ".o_action_manager", "#wrapwrap", "body"];
    const scope = document.querySelector(parts.find((part) => document.querySelector(part)));
    const popovers = [...document.querySelectorAll(".o_popover, .o-dropdown--menu")];
    const options = { runOnly: { type: "tag", values: tags }, iframes: false, elementRef: true };
    const { violations } = await axe.run({ include: [scope, ...popovers] }, options);
    return violations.filter((found) => ["serious", "critical"].includes(found.impact)).flatMap((found) =>
        found.nodes.map((node) => ({
            rule: found.id,
            html: node.html.slice(0, 250),
            why: node.failureSummary.replace(/\\s+/g, " ").slice(0, 220),
            stock: stock.findIndex(
                ([rule, selector]) => rule === found.id && node.element?.matches(selector)
            ),
        }))
    );
}"""


def findings(page):
    """The serious and critical findings on what is open; `stock` is the number of its entry of `STOCK`, or -1."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(SOURCE)
    return page.evaluate(RUN, [TAGS, [list(entry[:2]) for entry in STOCK]])


class Audit:
    """Collects what is ours on many screens, each thing once with the first screen that shows it."""

    def __init__(self):
        self.screens, self.ours, self.stock = [], {}, set()

    def look(self, name, page):
        """Audit what is open under the name of the screen."""
        self.screens.append(name)
        for found in findings(page):
            if found["stock"] >= 0:
                self.stock.add(found["stock"])
            else:
                self.ours.setdefault((found["rule"], found["html"]), f"{name}: {found['why']}")

    def report(self):
        """The findings as text, empty when there is none."""
        return "\n".join(f"{rule} {html}\n    {where}" for (rule, html), where in sorted(self.ours.items()))
