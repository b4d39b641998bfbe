"""From one view to the next: what a reader does becomes an address, which the page then draws.

A second touch may come before the first one's page is drawn: whatever is done, is done to the latest view.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from cxmodel.errors import CxModelError, ScenarioError
from cxmodel.scenario.names import AS_IS
from cxmodel.workbench.asked import ASKING
from cxmodel.workbench.composing import MINE
from cxmodel.workbench.view import View

LATEST: Final = "latest view"
LEFT: Final = "addresses left"
CURRENT: Final = "current address"
ECHO: Final = 4.0
"""Seconds for which a browser may go on to name an address that was turned from: it has not heard of it yet."""
BEFORE: Final = "plan before mine"
ASIDE: Final = ("with", "plans", "against", "tab", "without", "about", *ASKING)
"""What a page says in the address besides the view, such as what is compared: turning to another view keeps it."""


def arrived() -> dict[str, str]:
    """The address to draw: the browser's, unless it was turned from just now.

    What a browser sends before it has heard of a new address would else be taken for the wish to go back, and what the
    reader has just done would be undone.
    """
    there = st.query_params.to_dict()
    left = st.session_state.get(LEFT, {}).get(_name(there))
    if left is None or time.monotonic() - left > ECHO:
        return there
    address: dict[str, str] = st.session_state[CURRENT]
    st.query_params.from_dict(address)
    return address


def put(**words: str) -> None:
    """Write what a reader chooses besides the view into the page's address; what is empty goes."""
    _write({name: word for name, word in {**st.query_params.to_dict(), **words}.items() if word})


def settle(seen: View) -> None:
    """Write the view that is drawn into the page's address, where a refresh and a second tab find it."""
    st.session_state[LATEST] = seen
    address = _address(seen)
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)


def _address(seen: View) -> dict[str, str]:
    """The address of a view, with what the page says besides."""
    there = st.query_params.to_dict()
    return seen.address() | {name: there[name] for name in ASIDE if name in there}


def _write(address: Mapping[str, str]) -> None:
    """Turn to an address, and remember which was left."""
    there = st.query_params.to_dict()
    if there == address:
        return
    now, left = time.monotonic(), st.session_state.get(LEFT, {})
    left = {name: at for name, at in left.items() if now - at < ECHO and name != _name(address)}
    st.session_state[LEFT] = left | {_name(there): now}
    st.session_state[CURRENT] = dict(address)
    st.query_params.from_dict(address)


def _name(address: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(address.items()))


def before() -> str:
    """The plan that was shown before a touch made one of one's own from it."""
    return str(st.session_state.get(BEFORE, AS_IS))


def turn(seen: View, change: Callable[[View], View]) -> None:
    """Make a change to what is seen and turn to it; what cannot be is said, and nothing is lost."""
    latest = st.session_state.get(LATEST)
    now = latest if isinstance(latest, View) and latest.subject == seen.subject else seen
    try:
        after = change(now)
        if after.plan == MINE != now.plan:
            st.session_state[BEFORE] = now.plan
        st.session_state[LATEST] = after
        _write(_address(after))
    except ScenarioError as error:
        st.toast("  \n".join(f"{one.message}. {one.expected}" for one in error.problems[:3]), icon=":material/error:")
    except CxModelError as error:
        st.toast(str(error), icon=":material/error:")
