"""From one view to the next: what a reader does becomes an address, which the page then draws.

A second touch may come before the first one's page is drawn: whatever is done, is done to the latest view.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import streamlit as st

from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.vocabulary import AS_IS
from cxmodel.workbench.drafts.my_plan import MINE
from cxmodel.workbench.plain_text import plain
from cxmodel.workbench.session import url, view
from cxmodel.workbench.session.view import View
from cxmodel.workbench.session.widgets import uninterrupted

if TYPE_CHECKING:
    from cxmodel.workbench.session.view import View

BEFORE: Final = "plan before mine"
ASKING: Final = ("ask", "metric", "method", "each", "fails", "worlds", "budget")
"""The parameters of the address that say what is asked."""
ASIDE: Final = ("with", "plans", "against", "tab", "without", "about", "map", "show", "hide", "present", *ASKING)
"""What a page says in the address besides the view, such as what is compared: turning to another view keeps it."""


def latest() -> View:
    """The view that the page's address names; raises what `view.find` raises."""
    return view.find(url.here(), before())


def settle(seen: View) -> None:
    """Write a view into the page's address, where a refresh and a second tab find it."""
    there = url.here()
    url.write(seen.address() | {name: there[name] for name in ASIDE if name in there})


def before() -> str:
    """The plan that was shown before a touch made one of one's own from it."""
    return str(st.session_state.get(BEFORE, AS_IS))


@uninterrupted
def turn(seen: View, change: Callable[[View], View]) -> None:
    """Make a change to what is seen and turn to it; what cannot be is said, and nothing is lost."""
    try:
        there = latest()
        now = there if there.subject == seen.subject else seen
        after = change(now)
        if after.plan == MINE != now.plan:
            st.session_state[BEFORE] = now.plan
        settle(after)
    except ScenarioError as error:
        st.toast(
            "  \n".join(plain(f"{one.message}. {one.expected}") for one in error.problems[:3]), icon=":material/error:"
        )
    except CxModelError as error:
        st.toast(plain(str(error)), icon=":material/error:")
