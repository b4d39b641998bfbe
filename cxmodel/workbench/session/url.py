"""The address of the page, in which everything stands that a reader chooses: read, and written.

A browser goes on to name an address that was left until it has heard of the new one. That is not the wish to go back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

TRAIL: Final = "addresses"
Address = Mapping[str, str]


@dataclass
class _Trail:
    """Where a page is, and the addresses it has left of which its browser may not have heard yet."""

    here: dict[str, str] | None = None
    left: list[dict[str, str]] = field(default_factory=list)
    turned: bool = False
    """Whether it was turned since its last drawing began: what `st.query_params` says may be our own word."""


def arrive() -> dict[str, str]:
    """The address to draw: a browser that names it has heard of it, any other is told again."""
    now, trail = here(), _trail()
    if not trail.turned and st.query_params.to_dict() == now:
        trail.left.clear()
    trail.turned = False
    write(now)
    return now


def here() -> dict[str, str]:
    """The address that the page has: what its browser names, unless that has not heard of where it was turned to."""
    trail, named = _trail(), st.query_params.to_dict()
    if trail.here is None or _went_back() or named not in [trail.here, *trail.left]:
        trail.here = named
        trail.left.clear()
    return dict(trail.here)


def write(address: Address) -> None:
    """Turn to an address."""
    there, trail = here(), _trail()
    if address != there:
        trail.here, trail.turned = dict(address), True
        trail.left = [each for each in trail.left if each != address] + [there]
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)


def put(**words: str) -> None:
    """Write what a reader chooses into the address; what is empty goes."""
    write({name: word for name, word in {**here(), **words}.items() if word})


def _went_back() -> bool:
    """Whether the browser was told to go back, or forward again."""
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def _trail() -> _Trail:
    trail: _Trail = st.session_state.setdefault(TRAIL, _Trail())
    return trail
