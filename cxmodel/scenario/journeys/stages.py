"""Which stage of the model a phase or a step of a drawn journey is: by its words, else by its place in the order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from cxmodel.scenario.fields.ids import in_latin_letters
from cxmodel.vocabulary import STAGES, Stage


class Guess(NamedTuple):
    """The stage that a phase or a step was taken for, and by what."""

    words: str
    """What the drawing calls it."""
    stage: Stage
    how: str
    """By what it was told: `its name`, `the names of its steps`, `its place in the order`."""


BY_NAME: Final = "its name"
BY_STEPS: Final = "the names of its steps"
BY_PLACE: Final = "its place in the order"
_FIRST: Final = (
    (r"(?:read|compare|check|look|search|browse)\w* .*(?:review|rating|price)", "choose"),
    (r"(?:leave|write|give|post|submit|share)s? .*(?:review|rating|feedback)|post (?:purchase|sale)", "use"),
    (r"free trial|test drive|try out|sign(?:s|ing)? in|log(?:s|ging)? in", "use"),
    (r"win(?:ning)? back|re ?engage|re ?activat|come[s]? back|coming back|ruckgewinn|wiederkomm", "return"),
    (r"returns|return (?:the|an?|item|goods|product)|send back|exchange|refund|retoure|umtausch", "support"),
    (r"first use|get(?:ting)? started|check in|checkin|set ?up|pick ?up|collect", "receive"),
    (r"sign(?:ing|s)? up|signup|add to (?:cart|basket|bag)|open(?:ing)? (?:an? )?account", "buy"),
    (r"move out|moving out|goodbye|clos(?:e|es|ing) (?:the |an? |my |your |their )?account", "leave"),
)
"""Phrases that mean something else than their words."""
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("aware|discover|attract|attention|inspir|acqui|learn|hear|realis|realiz|trigger|need|find|found|bewusst|aufmerksam"
     "|entdeck|bedarf|decouv|notori|descubr|conoc", "aware"),
    ("consider|evaluat|compar|research|choos|choice|chose|select|decid|decision|brows|search|explor|shortlist|quot"
     "|trial|inquir|enquir|plan|uberleg|erwag|vergleich|auswahl|auswahlen|recherch|entscheid|such|angebot|informier"
     "|eleccion|choix|elegir", "choose"),
    ("buy|bought|purchas|checkout|order|book|reserv|pay|paid|subscri|regist|conver|contract|enrol|appl|cart|basket"
     "|transact|kauf|bestell|buch|zahl|bezahl|anmeld|abschluss|vertrag|warenkorb|antrag|kass|achat|compra|commande"
     "|reserva", "buy"),
    ("receiv|deliver|onboard|activat|install|unbox|ship|arriv|welcom|fulfil|track|admiss|implement|collect|liefer"
     "|empfang|versand|einricht|willkomm|ankunft|ankomm|erhalt|aktivier|anreis|livrais|entrega|recep", "receive"),
    ("use|uses|used|usage|using|daily|everyday|stay|experienc|engag|adopt|consum|treat|visit|consult|enjoy|nutz|gebrauch"
     "|alltag|aufenthalt|verwend|behandl|betrieb|utilis|uso|usar|advoca|recommend|refer|review|shar|feedback|empfehl"
     "|weiterempfehl|bewert", "use"),
    ("support|help|servic|complain|problem|issu|ticket|contact|repair|claim|troubleshoot|aftercare|resol|assist|fault"
     "|outage|hilf|beschwerd|reklam|kundendienst|stor|schad|kontakt|soporte|ayuda|aide|reclam", "support"),
    ("renew|retention|retain|loyal|repurchas|repeat|upgrad|expan|extend|extension|grow|verlanger|treue|bindung"
     "|wiederkauf|fidel|renov|reabonn", "renew"),
    ("leav|churn|cancel|exit|offboard|terminat|quit|kundig|abwander|austritt|verlass|resili|baja|cancela", "leave"),
)  # fmt: skip
"""Beginnings of words, in English and some neighbours, and the stage that they speak of."""
_WHOLE: Final = frozenset({"use", "uses", "used", "uso", "stor", "plan", "need", "find", "hear", "such", "pay", "appl"})
"""Beginnings that are the beginning of other words too: only with the usual endings."""
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile("|".join(rf"\b{each}(?:s|ed|ing|ung|ungen|y|ies|ication|ment|ments)?\b" if each in _WHOLE
                         else rf"\b{each}" for each in words.split("|"))), stage)
    for words, stage in _WORDS
)  # fmt: skip
_PHRASES: Final = tuple((re.compile(rf"\b(?:{words})"), stage) for words, stage in _FIRST)
LADDER: Final = ("aware", "choose", "buy", "receive", "use")
"""The stages that a place in the order may stand for; support, renewal and leaving are told by their names only."""
FEW: Final = {1: ("use",), 2: ("buy", "use"), 3: ("choose", "buy", "use"), 4: ("choose", "buy", "receive", "use")}
"""What a few phases are of which no name is known."""


def stage_named(words: str, *, stays: bool = False) -> Stage | None:
    """The stage that words speak of, the earliest word deciding; None where none is known.

    >>> [stage_named(words) for words in ("Discovery", "Checkout & payment", "Onboarding", "Kundendienst", "Go home")]
    ['aware', 'buy', 'receive', 'support', None]
    >>> stage_named("Leave a review"), stage_named("Check-out"), stage_named("Check-out", stays=True)
    ('use', 'buy', 'use')
    """
    said = in_latin_letters(words[:200]).replace("_", " ")
    if said in STAGES:
        return _stage(said)
    if re.search(r"\bcheck(?:ing)? out\b", said):
        return "use" if stays else "buy"
    phrase = next((stage for pattern, stage in _PHRASES if pattern.search(said)), None)
    if phrase is not None:
        return _stage(phrase)
    found = [(match.start(), place) for place, (pattern, _) in enumerate(_PATTERNS) if (match := pattern.search(said))]
    return _stage(_PATTERNS[min(found)[1]][1]) if found else None


def _stage(word: str) -> Stage:
    return STAGES[STAGES.index(word)]


def stages_of(phases: Sequence[tuple[str, Sequence[str]]]) -> list[Guess]:
    """The stage of each phase, told by its name, by those of most of its steps, else by its place.

    >>> [guess.stage for guess in stages_of([("Go to work", ["Make tea"]), ("Go home", ["Sit down"])])]
    ['buy', 'use']
    """
    stays = any(re.search(r"check.?in\b", word.casefold()) for name, steps in phases for word in (name, *steps))
    known: list[tuple[Stage | None, str]] = []
    for name, steps in phases:
        named = stage_named(name, stays=stays)
        if named is not None:
            known.append((named, BY_NAME))
            continue
        told = Counter(stage for each in steps if (stage := stage_named(each, stays=stays)))
        most, times = told.most_common(1)[0] if told else (None, 0)
        known.append((most, BY_STEPS) if most and 2 * times >= len(steps) else (None, BY_PLACE))
    placed = _placed([stage for stage, _ in known])
    return [Guess(name, stage, how) for (name, _), stage, (_, how) in zip(phases, placed, known, strict=True)]


def _placed(known: Sequence[Stage | None]) -> list[Stage]:
    """Stages in place of those that are not known: what lies between their neighbours, in even parts."""
    if not any(known):
        ladder = FEW.get(len(known), LADDER)
        return [_stage(ladder[place * len(ladder) // len(known)]) for place in range(len(known))]
    found = list(known)
    place = 0
    while place < len(found):
        if known[place] is not None:
            place += 1
            continue
        end = next((at for at in range(place, len(known)) if known[at] is not None), len(known))
        before = known[place - 1] if place else None
        between = _between(before, known[end] if end < len(known) else None)
        count = end - place
        if before is None and count < len(between):
            between = between[-count:]
        for at in range(count):
            near = between[at] if count < len(between) else between[at * len(between) // count]
            found[place + at] = _stage(near)
        place = end
    return [each for each in found if each is not None]


def _between(before: str | None, after: str | None) -> Sequence[str]:
    """The stages between two that are known; that of a neighbour where there is none."""
    low = LADDER.index(before) + 1 if before in LADDER else 0 if before is None else len(LADDER)
    high = LADDER.index(after) if after in LADDER else len(LADDER)
    return LADDER[low:high] or (before or after or "use",)
