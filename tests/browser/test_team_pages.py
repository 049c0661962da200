"""Every page of teams: sound with a team at work and with a new one, and walked by keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from quizapp.teams.models import Team, User
from tests.browser.conftest import OpenPage
from tests.browser.team_at_work import AtWork, at_work
from tests.browser.test_pages import assert_sound
from tests.browser.test_preview import photograph, sign_in
from tests.factories import MembershipFactory, QuestionFactory, TopicFactory, TrackFactory

BY_LEAD = {
    "reports": (
        "/teams/{team}/",
        "/teams/{team}/topics/",
        "/teams/{team}/questions/",
        "/teams/{team}/weeks/",
        "/teams/{team}/members/{member}/",
        "/teams/trust/",
    ),
    "work": (
        "/teams/",
        "/teams/{team}/assignments/",
        "/teams/{team}/assignments/new/",
        "/teams/{team}/assignments/{pk}/",
        "/teams/{team}/digest/",
    ),
    "people": (
        "/teams/{team}/members/",
        "/teams/{team}/members/{member}/away/",
        "/teams/{team}/invites/",
        "/teams/{team}/settings/",
        "/teams/{team}/leave/",
    ),
}
BY_MEMBER = (
    "/",
    "/teams/{team}/members/{member}/",
    "/teams/{team}/members/{member}/away/",
    "/teams/{team}/leave/",
)
OF_A_NEW_TEAM = (
    "/teams/{team}/",
    "/teams/{team}/topics/",
    "/teams/{team}/questions/",
    "/teams/{team}/weeks/",
    "/teams/{team}/assignments/",
)


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members stand as the tests say, as if they had just been counted."""
    counting = "quizapp.scheduling.goals.counting"
    for name in (f"{counting}.refresh", "quizapp.progress.team.members.refresh"):
        monkeypatch.setattr(name, lambda *_: 0)
    for name in (f"{counting}.refresh_member", "quizapp.progress.team.member.refresh_member"):
        monkeypatch.setattr(name, lambda *_: 0)


@pytest.fixture
def busy(platform: Team, dora: User) -> AtWork:
    return at_work(platform, dora, timezone.now())


def assert_all_sound(page: Page, addresses: Iterable[str]) -> None:
    for address in addresses:
        found = page.goto(address)
        assert found
        assert (address, found.status) == (address, 200)
        photograph(page, f"at{address.replace('/', '-')}")
        assert_sound(page)


@pytest.mark.parametrize("group", BY_LEAD)
def test_what_a_lead_sees_is_sound(
    page: Page, live_server: Any, busy: AtWork, dora: User, group: str
) -> None:
    sign_in(page, live_server, dora)
    assert_all_sound(page, map(busy.address, BY_LEAD[group]))


def test_what_a_member_sees_is_sound(page: Page, live_server: Any, busy: AtWork) -> None:
    sign_in(page, live_server, busy.members[0])
    assert_all_sound(page, map(busy.address, BY_MEMBER))


def test_a_new_team_is_sound(page: Page, live_server: Any, platform: Team, dora: User) -> None:
    sign_in(page, live_server, dora)
    assert_all_sound(page, (address.format(team=platform.pk) for address in OF_A_NEW_TEAM))


def test_an_invite_is_sound_for_whoever_opens_it(
    open_page: OpenPage, live_server: Any, busy: AtWork, charlie: User
) -> None:
    visitor = open_page()
    visitor.goto(busy.link)
    expect(visitor.get_by_role("link", name="Create an account").last).to_be_visible()
    assert_sound(visitor)
    account = open_page()
    sign_in(account, live_server, charlie)
    account.goto(busy.link)
    expect(account.locator("main")).to_contain_text("You join as Charlie")
    assert_sound(account)
    User.objects.filter(pk=charlie.pk).update(email="charlie@elsewhere.org")
    account.reload()
    expect(account.get_by_role("alert")).to_contain_text("takes people with an address at")
    assert_sound(account)
    account.goto("/join/no-such-token/")
    assert_sound(account)


FOCUS = """(wanted) => {
    const focused = document.activeElement;
    const { top, bottom, width, height } = focused.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const isShownByParts = focused.type === "date";  // day, month, year: marked by the browser
    const isInWindow = bottom > 0 && top < innerHeight && width > 0 && height > 0;
    return {
        isWanted: focused === wanted,
        html: focused.outerHTML.slice(0, 200),
        isVisible: focused === document.body || ((isOutlined || isShownByParts) && isInWindow),
    };
}"""


class Keys:
    """Goes through pages by Tab and Enter alone, and sees at each step where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def come_to(self, role: Any, name: str) -> Locator:
        is_exact = role != "radio"  # a radio button is named by its hint, too
        wanted = self.page.get_by_role(role, name=name, exact=is_exact).last
        element = wanted.element_handle()
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focus = self.page.evaluate(FOCUS, element)
            assert focus["isVisible"], focus
            if focus["isWanted"]:
                return wanted
        pytest.fail(f"Tab does not come to the {role} {name}.")

    def press(self, role: Any, name: str) -> None:
        self.come_to(role, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, name: str, text: str) -> None:
        self.come_to("textbox", name)
        self.page.keyboard.type(text)

    def choose(self, name: str) -> None:
        """By Space, as the first of its radio buttons."""
        self.come_to("radio", name)
        self.page.keyboard.press("Space")


class Clicks:
    """The same by the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).last.click()

    def fill(self, name: str, text: str) -> None:
        self.page.get_by_role("textbox", name=name, exact=True).fill(text)

    def choose(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).check()


def walk(by: Keys | Clicks, member: User) -> None:
    """From the list of teams to a member who has been assigned a track."""
    page = by.page
    page.goto("/teams/")
    by.fill("Name", "Storage crew")
    by.press("button", "Create the team")
    expect(page.locator("h1")).to_have_text("Storage crew")
    by.press("link", "Invites")
    by.press("button", "Make a link")
    expect(page.get_by_label("The new link")).to_have_value(re.compile("/join/"))
    MembershipFactory(team=Team.objects.get(), user=member)
    by.press("link", "Assignments")
    by.press("link", "Assign a track")
    by.choose("Storage")
    by.press("button", "Assign")
    expect(page.locator(".assignment-row h3")).to_contain_text("Storage for everybody")
    by.press("link", "Readiness")
    by.press("link", str(member))
    expect(page.locator("main h2").first).to_have_text(str(member))


@pytest.fixture
def track() -> Any:
    topic = TopicFactory(title="Volumes")
    QuestionFactory(topic=topic)
    return TrackFactory(title="Storage", summary="", topics=[topic])


def test_a_team_is_set_up_by_keys_alone(
    page: Page, live_server: Any, track: Any, dora: User, alice: User
) -> None:
    sign_in(page, live_server, dora)
    walk(Keys(page), alice)


def test_a_team_is_set_up_without_scripts(
    open_page: OpenPage, live_server: Any, track: Any, dora: User, alice: User
) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, live_server, dora)
    walk(Clicks(page), alice)
    page.get_by_role("link", name="Assignments").click()
    page.get_by_role("button", name=re.compile("End")).click()
    expect(page.locator(".notice")).to_be_visible()
    page.get_by_role("link", name="Invites").click()
    page.get_by_role("button", name=re.compile("Revoke")).click()
    expect(page.locator("main")).to_contain_text("There are none.")


def test_a_number_of_members_leads_to_just_these(
    page: Page, live_server: Any, busy: AtWork, dora: User
) -> None:
    sign_in(page, live_server, dora)
    page.goto(busy.address("/teams/{team}/assignments/"))
    page.get_by_role("link", name="2 at risk").first.click()
    expect(page.get_by_role("link", name="At risk 2")).to_have_attribute("aria-current", "true")
    expect(page.locator(".standing-table tbody tr")).to_have_count(2)


def test_after_a_swap_the_focus_is_where_one_was_or_at_the_top_of_what_is_new(
    page: Page, live_server: Any, busy: AtWork, dora: User
) -> None:
    sign_in(page, live_server, dora)
    page.goto(busy.address("/teams/{team}/"))
    keys = Keys(page)
    for name in ("At risk 2", "Member"):
        link = keys.come_to("link", name)
        with page.expect_response(re.compile("/teams/")):
            page.keyboard.press("Enter")
        expect(link).to_be_focused()
    page.goto(busy.address("/teams/{team}/assignments/"))
    ended = page.get_by_role("button", name=re.compile("End Storage")).first
    ended.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_be_visible()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    keys.come_to("button", "Undo")
