"""Journey diagrams of Mermaid: a title, sections, and tasks with a score and those who take part."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from cxmodel.errors import Problem, ScenarioError
from cxmodel.scenario.faults import ENOUGH, quote
from cxmodel.scenario.journeys.ratings import NOTHING, rating_of
from cxmodel.scenario.journeys.steps import EXPERIENCE, MOST_STEPS, Drawn, Step, problem, refuse

KIND: Final = "Mermaid journey diagram"
TASK: Final = "`Pay: 3: Customer`: what is done, a score, and who takes part"
ONESELF: Final = frozenset(
    ("me", "i", "myself", "customer", "customers", "user", "users", "client", "clients", "guest", "patient", "shopper",
     "buyer", "visitor", "member", "subscriber", "traveller", "traveler", "student", "passenger", "tenant", "citizen",
     "applicant", "consumer", "kunde", "kundin", "kunden", "ich", "nutzer", "gast", "patientin", "cliente",
     "utilisateur", "moi", "yo", "usuario")
)  # fmt: skip
"""What the customer is called."""
SELF: Final = frozenset({"me", "i", "myself", "ich", "moi", "yo"})
"""What nobody else would call a customer."""
_FENCE: Final = re.compile(r"\s{0,3}(?P<fence>`{3,}|~{3,})\s*(?P<language>[\w{.]*).*")
_HEADER: Final = re.compile(r"\s*journey\s*;?\s*")
_KINDS: Final = re.compile(
    r"\s*(graph|flowchart|sequenceDiagram|classDiagram|stateDiagram\S*|erDiagram|gantt|pie|mindmap|timeline|gitGraph)\b"
)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
Line = tuple[int, str]
"""A line with its number."""


def is_diagram(text: str) -> bool:
    """Whether there is a journey diagram in a text."""
    return any(_header(block) is not None for block in _blocks(text))


def read(text: str, file: str, remarks: Sequence[str] = ()) -> Drawn:
    """The journey of a diagram; several in one Markdown file are laid end to end. Raises ScenarioError."""
    found = [(block, at) for block in _blocks(text) if (at := _header(block)) is not None]
    if not found:
        other = next((match[1] for line in text.splitlines() if (match := _KINDS.match(line))), "")
        message = f"this is a `{other}`, not a journey diagram" if other else "there is no journey diagram in it"
        raise refuse(file, message, "a diagram of Mermaid that begins with a line `journey`")
    diagram = _Diagram(Drawn(KIND, file, remarks=list(remarks)))
    drawn = diagram.drawn
    for block, at in found:
        title, diagram.phase = _front_title(block[:at]), ""
        for number, line in _statements(block[at + 1 :]):
            diagram.take(number, line)
        drawn.title = drawn.title or title
    if diagram.problems:
        raise ScenarioError(diagram.problems)
    if not drawn.steps:
        raise refuse(file, "this journey diagram has no task", TASK, found[0][0][found[0][1]][0])
    if len(drawn.steps) > MOST_STEPS:
        raise refuse(file, f"this diagram has {len(drawn.steps):,} tasks", f"at most {MOST_STEPS}")
    if len(found) > 1:
        drawn.remarks.append(f"{len(found)} journey diagrams were laid end to end, in the order of the file.")
    _take_sides(drawn, diagram.who)
    return drawn


def _blocks(text: str) -> Iterator[list[Line]]:
    """The lines of each Mermaid fence; all lines where there is no such fence."""
    lines = list(enumerate(text.removeprefix("\ufeff").splitlines(), 1))
    fenced: list[list[Line]] = []
    closing, inside = "", False
    for number, line in lines:
        match = _FENCE.fullmatch(line)
        if not closing and match:
            closing, inside = match["fence"], match["language"].strip("{.").casefold() == "mermaid"
            if inside:
                fenced.append([])
        elif closing and match and match["fence"].startswith(closing) and not match["language"]:
            closing, inside = "", False
        elif inside:
            fenced[-1].append((number, line))
    yield from fenced or [lines]


def _header(block: list[Line]) -> int | None:
    """Where the line `journey` stands, if it is the first that is neither blank, comment nor front matter."""
    for at, (_, line) in _bare(block):
        if _HEADER.fullmatch(line):
            return at
        return None
    return None


def _bare(block: list[Line]) -> Iterator[tuple[int, Line]]:
    """Lines without front matter, directives, comments and blank ones."""
    matter = directive = False
    begun = False
    for at, (number, line) in enumerate(block):
        said = line.strip()
        if matter or (said == "---" and not begun):
            matter = said != "---" or not begun
            begun = True
        elif directive or said.startswith("%%{"):
            directive = "}%%" not in said
        elif said and not said.startswith(("%%", "#")):
            begun = True
            yield at, (number, line)


def _front_title(before: list[Line]) -> str:
    """The title that front matter gives."""
    return next(
        (said.partition(":")[2].strip(" \"'") for _, line in before if (said := line.strip()).startswith("title:")), ""
    )


def _statements(block: list[Line]) -> Iterator[Line]:
    """The lines that say something of the journey."""
    described = False
    for _, (number, line) in _bare([(0, "journey"), *block]):
        said = line.partition("#")[0].strip().rstrip(";").strip()
        if described or re.match(r"accDescr\s*\{", said):
            described = "}" not in said
        elif number and said and not re.match(r"acc(Title|Descr)\s*:", said):
            yield number, _BREAK.sub(" ", said)


@dataclass
class _Diagram:
    """A diagram while it is read line by line."""

    drawn: Drawn
    phase: str = ""
    who: list[list[str]] = field(default_factory=list)
    """Those who take part in each task."""
    problems: list[Problem] = field(default_factory=list)

    def take(self, number: int, said: str) -> None:
        """Read a title, a section or a task."""
        word, _, rest = said.partition(" ")
        if word == "title" and rest.strip():
            self.drawn.title = self.drawn.title or rest.strip()
        elif word == "section":
            self.phase = rest.strip().removesuffix(":")
        else:
            self._task(number, said)

    def _task(self, number: int, said: str) -> None:
        label, colon, after = said.partition(":")
        score, _, actors = after.partition(":")
        if not colon or not label.strip():
            self._wrong(number, f"{quote(said)} is neither a task, a section nor a title", TASK)
            return
        rating = rating_of(score)
        if rating is None and score.strip().casefold() not in NOTHING:
            message = f"the score of {quote(label.strip())} is no number: {quote(score.strip())}"
            self._wrong(number, message, "a score from 1 to 5, as in `Pay: 3: Customer`")
            return
        self.drawn.steps.append(Step(label.strip(), self.phase, number, {EXPERIENCE: rating} if rating else {}))
        self.who.append([name for each in actors.split(",") if (name := each.strip())])

    def _wrong(self, number: int, message: str, expected: str) -> None:
        if len(self.problems) < ENOUGH:
            self.problems.append(problem(self.drawn.file, message, expected, number))


def _take_sides(drawn: Drawn, who: list[list[str]]) -> None:
    """Tell the customer from those who answer for a task."""
    often = Counter(name for names in who for name in dict.fromkeys(names))
    if not often:
        return
    called_so = [name for name in often if ONESELF & set(re.findall(r"\w+", name.casefold()))]
    customer = max(called_so or often, key=lambda name: often[name])
    drawn.customers = [] if customer.casefold() in SELF else [customer]
    alone = []
    for step, names in zip(drawn.steps, who, strict=True):
        step.owner = ", ".join(name for name in dict.fromkeys(names) if name != customer)
        if names and customer not in names:
            alone.append(step.label)
    others = [name for name in often if name != customer]
    if others:
        drawn.remarks.append(
            f"{quote(customer)} is taken for the customer; {', '.join(map(quote, others[:8]))}"
            f"{' and others' if len(others) > 8 else ''} for those who answer for a step (owner)."
        )
    if alone:
        drawn.remarks.append(
            f"The customer takes no part in {', '.join(map(quote, alone[:8]))}"
            f"{' and others' if len(alone) > 8 else ''}: taken as lived by customers all the same; remove what they do "
            "not notice."
        )
