"""No message of a page is lost between the thread that draws it and the one that sends it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from cxmodel.workbench.session.message_queue import METHODS, one_at_a_time

PLACES = 20_000


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads that change as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def said(number: int, words: str = "") -> ForwardMsg:
    """A message for a place on the page: that it is there, then what stands in it."""
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, number])
    if words:
        message.delta.new_element.html.body = words
    else:
        message.delta.new_element.empty.SetInParent()
    return message


@pytest.mark.slow
@pytest.mark.usefixtures("restless")
def test_every_place_of_a_page_is_told_to_the_browser() -> None:
    """One thread says what stands in each, twice, while another takes what there is: no place goes without."""
    one_at_a_time()
    queue, sent, over = ForwardMsgQueue(), [], threading.Event()

    def send() -> None:
        while not over.is_set():
            sent.extend(queue.flush())

    sender = threading.Thread(target=send)
    sender.start()
    try:
        for number in range(PLACES):
            queue.enqueue(said(number))
            queue.enqueue(said(number, "words"))
    finally:
        over.set()
        sender.join()
    sent.extend(queue.flush())
    told = [message.metadata.delta_path[1] for message in sent if message.delta.new_element.html.body == "words"]
    assert told == list(range(PLACES))


def test_the_queue_is_the_one_that_is_known() -> None:
    """Streamlit 1.67: what is done to a queue has these names, and is made safe once, however often that is asked."""
    one_at_a_time()
    methods = [getattr(ForwardMsgQueue, name) for name in METHODS]
    one_at_a_time()
    assert methods == [getattr(ForwardMsgQueue, name) for name in METHODS]
    assert all(not hasattr(method.__wrapped__, "__wrapped__") for method in methods)
