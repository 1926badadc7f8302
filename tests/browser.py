"""What journeys ask of every screen they come to."""

import json
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor/axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
NARROWEST_PX = 320
PHONE_PX = 390


def assert_axe_clean(page: Page) -> None:
    """Fail with each rule that axe finds broken on the page as it is now, and where.

    The script comes through the debugger, not through the page, so the policy for content need not be loosened.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(result => result.violations)",
        RULES,
    )
    assert not found, "\n".join(
        f"{violation['id']}: {violation['help']}\n"
        + "\n".join(
            f"    {node['html'][:200]}\n    {json.dumps(node['any'][:1], ensure_ascii=False)[:300]}"
            for node in violation["nodes"][:5]
        )
        for violation in found
    )


def assert_no_sideways_scroll(page: Page, width_px: int = NARROWEST_PX) -> None:
    """Fail if a screen as narrow as the smallest phone has to be moved sideways; names what sticks out."""
    before = page.viewport_size
    page.set_viewport_size({"width": width_px, "height": 700})
    too_wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll('body *')]
                .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
                .map(element => element.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    scroll_width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(before or {"width": 1280, "height": 900})
    assert scroll_width <= width_px, f"{scroll_width} px wide on {width_px} px: {too_wide}"


def assert_room_for_large_text(page: Page) -> None:
    """Fail if text twice as large makes a phone be moved sideways. Source: WCAG 2.2, 1.4.4."""
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert_no_sideways_scroll(page, PHONE_PX)
    page.evaluate("document.documentElement.style.fontSize = ''")


def both_themes(page: Page) -> Iterator[str]:
    """Show the page in light, then in dark: `for theme in both_themes(page): …`."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        yield theme
    page.emulate_media(color_scheme=None, reduced_motion=None)


def assert_presentable(page: Page) -> None:
    """Fail unless the screen is clean by axe in both themes and fits the narrowest phone."""
    for _theme in both_themes(page):
        assert_axe_clean(page)
    assert_no_sideways_scroll(page)
