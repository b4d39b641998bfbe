"""All fits of all that was read, each at its place in a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cxmodel.evidence.fits.adoption import fit_adoption
from cxmodel.evidence.fits.advocacy import fit_nps, fit_scores
from cxmodel.evidence.fits.contact_centre import fit_calls
from cxmodel.evidence.fits.fit import Fit, Fitted, Suggestion, Unfitted, together
from cxmodel.evidence.fits.kano import fit_kano
from cxmodel.evidence.fits.levels import fit_levels, fit_weights, worth
from cxmodel.evidence.fits.retention import fit_leaving, fit_retention
from cxmodel.evidence.fits.wording import decimal, of_item
from cxmodel.evidence.tables import Evidence, Item, Survey
from cxmodel.model.assumptions import parameters
from cxmodel.scenario.fields.customers import Bass

if TYPE_CHECKING:
    from cxmodel.scenario.scenario import Scenario

SEGMENT_ANSWERS: Final = 200
"""Answers that a segment's own are worth, from which on its need weights are its own and not those of all."""


def fit_all(evidence: Evidence, scenario: Scenario) -> Fitted:
    """Every number that the evidence tells, at its place in the scenario where that has one.

    Where two files tell the same number the later stands, or else that of more answers. A number that the scenario
    could not hold is not fitted, with the reason.
    """
    parts: list[Fitted] = []
    for file, survey in evidence.surveys:
        names = [_attribute(item, scenario) or of_item(item) for item in survey.items]
        labels = [_label(name, item, scenario) for name, item in zip(names, survey.items, strict=True)]
        parts += [
            fit_scores(survey, file),
            fit_nps(survey, file),
            _placed_levels(fit_levels(_placed_items(survey, scenario), file)),
            _placed_weights(survey, file, names, labels, scenario),
            _placed_kinds(fit_kano(survey, file, names, labels), names, labels, scenario),
        ]
    parts += [fit_retention(cohorts, file) for file, cohorts in evidence.cohorts]
    for file, tracker in evidence.trackers:
        parts += [fit_leaving(tracker, file), fit_adoption(tracker, file)]
    parts += [fit_calls(log, file) for file, log in evidence.calls]
    found = together(parts)
    fits, outside = _within_bounds([_where(fit, scenario) for fit in found.fits])
    fits, second = _one_each(fits)
    suggestions = tuple(
        suggestion if _has(suggestion.path, scenario) else replace(suggestion, path=())
        for suggestion in found.suggestions
    )
    return Fitted(tuple(fits), (*found.unfitted, *outside, *second), suggestions, found.pictures)


def _attribute(item: Item, scenario: Scenario) -> str:
    """The attribute that a rating is of; of a whole touchpoint the only one it delivers, else nothing."""
    if item.attribute:
        return item.attribute
    touchpoint = scenario.journey.get(item.touchpoint)
    return next(iter(touchpoint.delivers)) if touchpoint and len(touchpoint.delivers) == 1 else ""


def _label(name: str, item: Item, scenario: Scenario) -> str:
    return scenario.label("attributes", name) if name in scenario.attributes else of_item(item)


def _placed_items(survey: Survey, scenario: Scenario) -> Survey:
    """The survey with each item told by touchpoint and attribute where only one place in the journey can be meant."""
    return replace(survey, items=[_placed_item(item, scenario) for item in survey.items])


def _placed_item(item: Item, scenario: Scenario) -> Item:
    attribute = _attribute(item, scenario)
    if item.touchpoint or not attribute:
        return Item(item.touchpoint, attribute) if attribute else item
    places = [name for name, touchpoint in scenario.journey.items() if attribute in touchpoint.delivers]
    return Item(places[0], attribute) if len(places) == 1 else item


def _placed_levels(levels: Fitted) -> Fitted:
    """Levels, and which of them are of no one place."""
    of_no_place = tuple(
        Unfitted(fit.name, f"{fit.sentence} It is not told of which attribute at which touchpoint.")
        for fit in levels.fits
        if not fit.path and ", " not in fit.name
    )
    return replace(levels, unfitted=(*levels.unfitted, *of_no_place))


def _placed_weights(
    survey: Survey, file: str, names: Sequence[str], labels: Sequence[str], scenario: Scenario
) -> Fitted:
    """Need weights of each segment, by its own answers where there are enough; they keep the sum they have now."""
    parts: list[Fitted] = []
    of_all = fit_weights(survey, file, names, labels=labels)
    label_of = dict(zip(names, labels, strict=True))
    for segment, needs in scenario.segments.items():
        own = segment in survey.segments and worth(survey, survey.segments.index(segment)) >= SEGMENT_ANSWERS
        found = fit_weights(survey, file, names, segment, labels) if own else of_all
        if own and not found.fits:
            found = of_all
        by_name = {fit.name.removesuffix(f", {segment}"): fit for fit in found.fits}
        known = {
            attribute: by_name[f"Weight of {label_of[attribute]}"]
            for attribute in needs.needs
            if attribute in label_of and f"Weight of {label_of[attribute]}" in by_name
        }
        shares = sum(fit.value for fit in known.values())
        if shares <= 0:
            continue
        scale = sum(needs.needs[attribute].weight for attribute in known) / shares
        placed = tuple(
            replace(
                fit, path=("segments", segment, "needs", attribute, "weight"),
                name=f"{fit.name.removesuffix(f', {segment}')}, {segment}",
                value=fit.value * scale, low=fit.low * scale, high=fit.high * scale, unit="relative weight",
            )
            for attribute, fit in known.items()
        )  # fmt: skip
        parts.append(Fitted(placed, found.unfitted if own else (), pictures=found.pictures if own else ()))
    return together([of_all, *parts])


def _placed_kinds(found: Fitted, names: Sequence[str], labels: Sequence[str], scenario: Scenario) -> Fitted:
    """Kinds at their attributes."""
    paths = {
        f"Kind of {label}": ("attributes", name, "kind")
        for name, label in zip(names, labels, strict=True)
        if name in scenario.attributes
    }
    kinds: list[Suggestion] = [replace(kind, path=paths.get(kind.name, ())) for kind in found.suggestions]
    return replace(found, suggestions=tuple(kinds))


def _has(path: tuple[str, ...], scenario: Scenario) -> bool:
    """Whether the scenario has the thing that a path is of."""
    match path:
        case ("assumptions", name):
            return name in parameters()
        case ("today", "nps"):
            return True
        case ("journey", touchpoint, "delivers", attribute):
            return touchpoint in scenario.journey and attribute in scenario.journey[touchpoint].delivers
        case ("journey", touchpoint, "staffed", _):
            return touchpoint in scenario.journey and scenario.journey[touchpoint].staffed is not None
        case ("segments", segment, "needs", attribute, "weight"):
            return segment in scenario.segments and attribute in scenario.segments[segment].needs
        case ("segments", segment, "adoption", _):
            return segment in scenario.segments and isinstance(scenario.segments[segment].adoption, Bass)
        case ("segments", segment, "leave"):
            return segment in scenario.segments
        case ("attributes", attribute, "kind"):
            return attribute in scenario.attributes
        case ("today", "leave"):
            return True
    return False


def _where(fit: Fit, scenario: Scenario) -> Fit:
    """The fit at its path, or at none where the scenario has not got it or solves it from what it says of today."""
    solved = fit.path == ("assumptions", "leave") and (
        scenario.today.leave is not None or any(segment.leave is not None for segment in scenario.segments.values())
    )
    return fit if _has(fit.path, scenario) and not solved else replace(fit, path=())


def _within_bounds(fits: Sequence[Fit]) -> tuple[list[Fit], list[Unfitted]]:
    """Those that an assumption can hold, their intervals cut to what it can, and why not the others."""
    kept, outside = [], []
    for fit in fits:
        known = parameters().get(fit.path[1]) if fit.path[:1] == ("assumptions",) else None
        if known and not known.low <= fit.value <= known.high:
            why = f"{fit.sentence} The model takes {decimal(known.low)} to {decimal(known.high)} only."
            outside.append(Unfitted(fit.name, why))
        else:
            kept.append(replace(fit, low=max(fit.low, known.low), high=min(fit.high, known.high)) if known else fit)
    return kept, outside


def _one_each(fits: Sequence[Fit]) -> tuple[list[Fit], list[Unfitted]]:
    """One fit for each path, and what the others say."""
    best: dict[tuple[str, ...], Fit] = {}
    for fit in fits:
        if fit.path and (fit.path not in best or _rank(fit) > _rank(best[fit.path])):
            best[fit.path] = fit
    second = [
        Unfitted(fit.name, f"{fit.source}: {fit.sentence} {best[fit.path].source} is later, or of more answers.")
        for fit in fits
        if fit.path and best[fit.path] is not fit
    ]
    return [fit for fit in fits if not fit.path or best[fit.path] is fit], second


def _rank(fit: Fit) -> tuple[str, int]:
    return fit.as_of, fit.size
