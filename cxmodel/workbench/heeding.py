"""What a reader does is done whole, whatever else comes in while it is being done.

Streamlit breaks a callback off at the next `st.` that it reaches when another message of the browser has come in
meanwhile (the look at what is running, five times a second, is one), and never calls it again: what was typed or
pressed would be lost. Here the other message waits until the callback is through. (That callbacks come one after the
other is the setting `runner.fastReruns` of `cxmodel.serving`.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from streamlit.runtime.scriptrunner import get_script_run_ctx

P = ParamSpec("P")


def heeded(act: Callable[P, None]) -> Callable[P, None]:
    """A callback that nothing breaks off."""

    @wraps(act)
    def whole(*args: P.args, **kwargs: P.kwargs) -> None:
        context = get_script_run_ctx(suppress_warning=True)
        requests = context.script_requests if context is not None else None
        if requests is None or "on_scriptrunner_yield" in vars(requests):
            act(*args, **kwargs)
            return
        vars(requests)["on_scriptrunner_yield"] = lambda: None
        try:
            act(*args, **kwargs)
        finally:
            del vars(requests)["on_scriptrunner_yield"]

    return whole
