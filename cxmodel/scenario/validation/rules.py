"""What cannot be meant, although every field reads well; and what looks odd (warnings)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cxmodel.scenario.faults import Fault, one_of, quote
from cxmodel.scenario.fields.names import LABELLED
from cxmodel.scenario.fields.notation import Hours, week_of
from cxmodel.vocabulary import AS_IS, EVERYONE, INSIGHT_KINDS, STAGES

if TYPE_CHECKING:
    from cxmodel.scenario.fields.root import Root

MOST_PEOPLE: Final = 10_000_000
"""Most customers and prospects of one scenario."""
MOST_CALLS: Final = 500_000_000
"""Most calls from outside that desks take up to the horizon."""
DAZZLING: Final = 90
"""A level from which on a touchpoint dazzles."""
IDLE: Final = 0.10
"""A desk busy less than this share of its time is hardly worth staffing."""


def rule_errors(scenario: Root) -> Iterator[Fault]:
    """What cannot be meant or cannot be simulated."""
    if scenario.initiatives_of(AS_IS):
        message = f"`{AS_IS}` is the plan that changes nothing; it cannot hold initiatives"
        yield Fault("CXM404", ("plans", AS_IS), message, "another name for this plan", at_key=True)
    yield from _labels(scenario)
    yield from _contacts(scenario)
    yield from _channels(scenario)
    for name, source in scenario.insight_sources.items():
        if source.ahead > 0 and not INSIGHT_KINDS[source.kind].sees_ahead:
            message = f"a source of kind `{source.kind}` sees what is, not what is ahead"
            seeing = " or ".join(f"`kind: {kind}`" for kind, facts in INSIGHT_KINDS.items() if facts.sees_ahead)
            expected = f"leave out `ahead`, or {seeing}"
            yield Fault("CXM413", ("insight_sources", name, "ahead"), message, expected, at_key=True)
    yield from _segments(scenario)
    yield from _bargains(scenario)
    if all(touchpoint.stage in ("support", "leave", "return") for touchpoint in scenario.journey.values()):
        message = "nobody lives this journey: it has no touchpoint before support or leaving"
        yield Fault(
            "CXM407",
            ("journey",),
            message,
            f"a touchpoint of stage {one_of([*STAGES[:5], 'renew'])}",
            at_key=True,
        )
    desks = [touchpoint.staffed for touchpoint in scenario.journey.values() if touchpoint.staffed]
    calls = sum(d.other_calls * _open(d.hours) * scenario.horizon for d in desks)
    if calls > MOST_CALLS:
        message = f"desks would take {calls:,.0f} calls from outside up to the horizon"
        expected = f"at most {MOST_CALLS:,}: fewer `other_calls`, or a shorter horizon"
        yield Fault("CXM408", ("journey",), message, expected, at_key=True)


def _open(hours: Hours) -> float:
    """The share of a week that a desk is open."""
    return sum(day[1] - day[0] for day in week_of(hours) if day) / 7


def _labels(scenario: Root) -> Iterator[Fault]:
    """Things of a section are called differently, for that is how results tell them apart."""
    for section in LABELLED:
        called: dict[str, str] = {}
        for name, thing in getattr(scenario, section).items():
            other = called.setdefault(scenario.label(section, name).casefold(), name)
            if other == name:
                continue
            labelled = name if getattr(thing, "label", "") else other
            if getattr(getattr(scenario, section)[labelled], "label", ""):
                message = f"`{other}` and `{name}` are both called {quote(scenario.label(section, name))}"
                yield Fault("CXM417", (section, labelled, "label"), message, "another label for one of them")


def _contacts(scenario: Root) -> Iterator[Fault]:
    """Failures and shortfalls lead to support, and what was measured of contacts has somewhere to come from."""
    support = [name for name, touchpoint in scenario.journey.items() if touchpoint.stage == "support"]
    for name, touchpoint in scenario.journey.items():
        for key, event in (("fails", touchpoint.fails), ("shortfall", touchpoint.shortfall)):
            contact = event.contact if event else None
            if contact in scenario.journey and contact not in support:
                message = f"people cannot turn to `{contact}`: it is not of stage `support`"
                expected = f"a touchpoint of stage `support`{': ' if support else ''}{one_of(support)}"
                yield Fault("CXM403", ("journey", name, key, "contact"), message, expected)
    again = any(t.stage == "renew" or (t.stage == "use" and t.every) for t in scenario.journey.values())
    if scenario.today.contacts and not (support and again):
        message = "customers of today contact the company, but this journey gives them "
        message += "nothing to contact it about" if support else "nobody to contact"
        needed = "stage `use` with `every`" if support else "stage `support`"
        expected = f"add a touchpoint of {needed}, or leave out `contacts`"
        yield Fault("CXM415", ("today", "contacts"), message, expected, at_key=True)


def _channels(scenario: Root) -> Iterator[Fault]:
    """Of several channels, one at least is offered, and one preferred."""
    for name, touchpoint in scenario.journey.items():
        channels = touchpoint.channels.values()
        reasons = (("is offered", [c.offered for c in channels]), ("has a share", [c.share for c in channels]))
        for what, had in reasons:
            if channels and not any(had):
                expected = (
                    "`offered: true` for one of them" if what == "is offered" else "a share above 0 for one of them"
                )
                place = ("journey", name, "channels")
                yield Fault("CXM414", place, f"none of these channels {what}", expected, at_key=True)


def _segments(scenario: Root) -> Iterator[Fault]:
    """Segments have people who need something, and not more than can be simulated."""
    people = 0
    for name, segment in scenario.segments.items():
        if name == EVERYONE:
            message = f"`{EVERYONE}` stands for all segments together in results"
            yield Fault("CXM411", ("segments", name), message, "another name for this segment", at_key=True)
        people += segment.customers + segment.prospects
        if segment.customers + segment.prospects == 0:
            yield Fault(
                "CXM407",
                ("segments", name),
                "nobody is in this segment",
                "`customers:` or `prospects:`",
                at_key=True,
            )
        if sum(need.weight for need in segment.needs.values()) == 0:
            message = "none of these needs weighs anything"
            yield Fault(
                "CXM407",
                ("segments", name, "needs"),
                message,
                "a weight above 0 for one of them",
                at_key=True,
            )
    if people > MOST_PEOPLE:
        message = f"{people:,} customers and prospects are too many to simulate"
        yield Fault("CXM408", ("segments",), message, f"at most {MOST_PEOPLE:,}; simulate a sample", at_key=True)


def _bargains(scenario: Root) -> Iterator[Fault]:
    """A segment is offered one bargain."""
    taken: dict[str, str] = {}
    for name, bargain in scenario.value_propositions.items():
        for place, segment in enumerate(bargain.segments):
            if segment in taken:
                message = f"`{segment}` already has a bargain, `{taken[segment]}`"
                yield Fault(
                    "CXM409",
                    ("value_propositions", name, "for", str(place)),
                    message,
                    "one bargain for each segment",
                )
            taken.setdefault(segment, name)


def warnings(scenario: Root) -> Iterator[Fault]:
    """What looks odd but does not stop anything."""
    yield from _late_promises(scenario)
    yield from _dazzle(scenario)
    for name, initiative in scenario.initiatives.items():
        if initiative.cost is None and not any(_is_paid_for(scenario, dotted) for dotted in initiative.changes):
            message = "this initiative has no cost, so nobody can tell whether it pays"
            yield Fault(
                "CXM503",
                ("initiatives", name),
                message,
                "`cost: {once: 10000, running: 200 per month}`",
                at_key=True,
            )
    yield from _idle_desks(scenario)
    yield from _idle_offsets(scenario)
    for name, segment in scenario.segments.items():
        if segment.adoption is not None and segment.prospects == 0:
            message = "there is nobody to win: the segment has an `adoption` and no `prospects`"
            yield Fault("CXM505", ("segments", name, "adoption"), message, "`prospects: 5000`", at_key=True)


def _is_paid_for(scenario: Root, dotted: str) -> bool:
    """Whether a change brings its own cost: what a touchpoint is given to spend, a lever whose points cost."""
    section, name, *_ = dotted.split(".")
    lever = getattr(scenario.levers, name, None) if section == "levers" else None
    return dotted.endswith(".spend") or getattr(lever, "cost", 0.0) > 0


def _late_promises(scenario: Root) -> Iterator[Fault]:
    """Promises told only by touchpoints after the choice, which falls just before the first `buy` visit."""
    buy = next((name for name, touchpoint in scenario.journey.items() if touchpoint.stage == "buy"), None)
    before = [name for name, place in scenario.journey.items() if place.stage in ("aware", "choose") or name == buy]
    for name, promise in scenario.brand_promises.items():
        if promise.made_at and not {*before} & {*promise.made_at}:
            message = "this promise is first heard after the choice, so it wins nobody"
            expected = f"a touchpoint before it: {one_of(before)}" if before else "a touchpoint of stage `choose`"
            yield Fault("CXM501", ("brand_promises", name, "made_at"), message, expected, at_key=True)


def _dazzle(scenario: Root) -> Iterator[Fault]:
    """Dazzling touchpoints that raise no bar for any later one."""
    order = sorted(scenario.journey, key=lambda name: STAGES.index(scenario.journey[name].stage))
    for place, name in enumerate(order):
        delivers = scenario.journey[name].delivers
        later = {attribute for after in order[place + 1 :] for attribute in scenario.journey[after].delivers}
        if later and max(delivers.values(), default=0) >= DAZZLING and not later & set(delivers):
            message = "this touchpoint dazzles, but no later one touches the same attributes, so it raises no bar"
            expected = "an attribute that is felt everywhere, such as polish, at this and at later touchpoints"
            yield Fault("CXM502", ("journey", name, "delivers"), message, expected, at_key=True)


def _idle_desks(scenario: Root) -> Iterator[Fault]:
    """Desks whose calls from outside leave them nearly idle."""
    for name, touchpoint in scenario.journey.items():
        desk = touchpoint.staffed
        if desk and desk.other_calls > 0:
            busy = desk.other_calls * desk.handling / desk.agents
            if busy < IDLE:
                message = f"calls from outside keep this desk {100 * busy:.1f} % busy while it is open"
                yield Fault(
                    "CXM504",
                    ("journey", name, "staffed"),
                    message,
                    "fewer agents, or more calls",
                    at_key=True,
                )


def _idle_offsets(scenario: Root) -> Iterator[Fault]:
    """What a channel delivers more or less, where nobody uses it and nothing will ever change that."""
    changed = {dotted for act in (*scenario.initiatives.values(), *scenario.futures.values()) for dotted in act.changes}
    for name, touchpoint in scenario.journey.items():
        for key in touchpoint.offsets:
            channel, path = touchpoint.channels.get(key), f"journey.{name}.channels.{key}."
            alone = touchpoint.channels and channel is None  # `channel` counts where there are no `channels`
            unused = channel is not None and not (channel.share and channel.offered)
            if alone or (unused and not any(dotted.startswith(path) for dotted in changed)):
                message = f"nobody uses the channel `{key}`, so what it delivers more or less does nothing"
                expected = f"a share for it: `channels: {{{key}: {{share: 0.3}}}}`"
                yield Fault("CXM507", ("journey", name, "offsets", key), message, expected, at_key=True)
