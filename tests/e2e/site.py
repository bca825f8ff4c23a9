"""A running server and browsers that note what they ask and complain of."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.storage import access
from service.wiring import Odzew

CHROMIUM = Path("/usr/bin/chromium")
IN_A_BROWSER = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not CHROMIUM.exists() and not os.environ.get("CI"),
        reason=f"{CHROMIUM} is missing: apt-get install chromium",
    ),
]
expect.set_options(timeout=20_000)
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Site:
    """A running server over the dozen answers; the hosts browsers asked, and their complaints."""

    odzew: Odzew
    workspace: str
    address: str
    asked: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def link(self, person: str = "Ewa") -> str:
        """A fresh sign-in link."""
        with self.odzew.database.transaction() as session:
            token = access.create_link(session, self.workspace, person, datetime.now(UTC))
        return f"{self.address}/sign-in?token={token}"


def open_page(
    chromium: Browser,
    site: Site,
    *,
    size: dict[str, int] = DESK,
    script: bool = True,
    touch: bool = False,
    person: str = "Ewa",
) -> Page:
    """A signed-in page of a fresh browser."""
    context: BrowserContext = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        java_script_enabled=script,
        has_touch=touch,
        is_mobile=touch,
    )
    context.set_default_timeout(30_000)  # for busy machines; nothing waits so long otherwise
    page = context.new_page()
    page.on("request", lambda request: site.asked.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: _note(site, message.text))
    page.on("pageerror", lambda error: site.complaints.append(str(error)))
    page.goto(site.link(person))
    expect(page.get_by_role("heading", name="Queue", level=1)).to_be_visible()
    return page


def _note(site: Site, text: str) -> None:
    """Keep a complaint, but for the driver's own about a machine without a graphics card."""
    if "GL Driver Message" not in text:
        site.complaints.append(text)
