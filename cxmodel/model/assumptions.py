"""Every parameter of the model: default, range, unit, source. The one place; a scenario sets them under `assumptions`.

`(A)` in a text marks an assumption: no usable published value exists, so that sensitivity analysis varies it within
its range. The five levers and the kinds of attribute stand in tables of their own, which add parameters of their own.
Loads no NumPy and knows no equation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final, NamedTuple

from cxmodel.vocabulary import LEVERS


class Parameter(NamedTuple):
    """One number of the model; the range is what sensitivity analysis varies it over, and what a scenario may set."""

    default: float
    low: float
    high: float
    unit: str
    equation: int
    """The equation it belongs to, as the method numbers them."""
    what: str
    """What it is and where it comes from."""

    @property
    def assumed(self) -> bool:
        """Whether it is an assumption, without a usable published value."""
        return "(A)" in self.what


class Kind(NamedTuple):
    """How an attribute rewards and punishes: most it can gain and lose, and its zone of tolerance [points]."""

    gain: float
    loss: float
    zone: float


KINDS: Final = {
    "performance": Kind(gain=10.0, loss=20.0, zone=3.0),  # loss aversion 1.955 (Brown et al. 2024)
    "must_be": Kind(gain=1.0, loss=25.0, zone=5.0),  # Olist: a breach costs, its absence earns nothing
    "attractive": Kind(gain=15.0, loss=4.0, zone=3.0),  # Kano's form (A)
}
"""Attribute kinds of Kano (1984), the one place where a kind is defined."""
_PARTS: Final = {
    "gain": "most points that a surprise gains",
    "loss": "most points that a disappointment loses",
    "zone": "zone of tolerance",
}


def _parameter(default: float, low: float, high: float, unit: str, equation: int, what: str) -> Any:
    return field(default=default, metadata={"parameter": Parameter(default, low, high, unit, equation, what)})


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The parameters of one run. Points are on the 0-100 scale, times in days unless the unit says otherwise."""

    ignorance: float = _parameter(0.7, 0.3, 1, "share", 2, "share of the unknown need that no insight misses (A)")
    commit_power: float = _parameter(
        0.5, 0.1, 1, "power", 2, "exponent of priorities and of policies in the commitment to a standard (A)"
    )
    lever_floor: float = _parameter(
        0.02, 0.001, 0.1, "0-1", 2, "levers are held to it .. 1 less it, so that their logarithms exist (A)"
    )
    culture_steepness: float = _parameter(12, 2, 40, "per unit", 2, "steepness of the threshold of culture (A)")
    quality_noise: float = _parameter(6, 0, 15, "points", 2, "sd of a visit's level around what is delivered (A)")
    half_life_other: float = _parameter(1, 0.1, 12, "months", 1, "half-life of any change but that of a lever (A)")
    believed: float = _parameter(0.7, 0.3, 1, "share", 3, "how far a promise is believed (A); signs: Boulding 1993")
    believed_later: float = _parameter(0.3, 0, 1, "share", 3, "belief left once the attribute has been lived (A)")
    should_from_promise: float = _parameter(
        0.5, 0, 1, "share", 3, "how far a promise lifts what customers hold the company to (A)"
    )
    assimilation: float = _parameter(0.15, 0, 0.4, "share", 4, "a, pull of expectation on what is perceived (A)")
    will_share: float = _parameter(0.5, 0, 1, "share", 4, "omega, weight of will in the standard of comparison (A)")
    surprise_scale: float = _parameter(15, 5, 40, "points", 5, "kappa, saturation of gains and losses (A)")
    wait_scale: float = _parameter(10, 0, 30, "points", 5, "most that waiting can cost an episode (A)")
    free_wait: float = _parameter(1 / 1440, 0, 10 / 1440, "days", 5, "wait that nobody minds, a minute (A)")
    fallback_effort: float = _parameter(10, 0, 30, "points", 5, "effort of a channel that one did not choose (A)")
    memory_start: float = _parameter(2, 0.5, 10, "experiences", 6, "n0, what the first impression is worth (A)")
    memory_floor: float = _parameter(0.04, 0, 0.2, "share", 6, "alpha_min, least learning rate (A)")
    memory_ceiling: float = _parameter(0.5, 0.2, 1, "share", 6, "alpha_max, greatest learning rate (A)")
    quiet_days: float = _parameter(30, 7, 90, "days", 6, "time after which a visit without news counts in full (A)")
    news_scale: float = _parameter(40, 10, 160, "points", 6, "news that count as much as a quiet month (A)")
    will_learning: float = _parameter(0.2, 0, 1, "share", 7, "theta, learning of the will-expectation (A)")
    ratchet: float = _parameter(0.1, 0, 0.5, "share", 7, "psi, how far a wow lifts the should-expectation (A)")
    liquid: float = _parameter(0.03, 0, 0.2, "per month", 7, "delta, drift of the should-expectation to the best (A)")
    shortfall_beyond: float = _parameter(20, 5, 60, "points", 8, "T_c, weighted gap beyond which people call (A)")
    calls_after_failure: float = _parameter(0.5, 0, 1, "share", 8, "share who call after a failure (A)")
    calls_after_shortfall: float = _parameter(0.1, 0, 1, "share", 8, "share who call after a shortfall (A)")
    calls_again_after: float = _parameter(1, 0.05, 14, "days", 8, "mean of the exponential time to a repeat call (A)")
    calls_again_abandoned: float = _parameter(0.5, 0, 1, "share", 8, "share who call again after giving up (A)")
    repeat_calls: float = _parameter(5, 0, 100, "calls", 8, "repeats of one issue at most (A)")
    handling_cv: float = _parameter(1.2, 0.1, 3, "ratio", 8, "sd of handling over its mean; call centre 1999: 1.21")
    unsolved: float = _parameter(
        40, 0, 100, "points", 8, "what an episode loses that leaves the matter open; call log: 4.5 against 1.7 of 5 (A)"
    )
    recovery: float = _parameter(
        0.7, 0, 1, "share", 8, "share of the satisfaction lost that a solved issue returns (A)"
    )
    recovery_by_policy: float = _parameter(
        0.6, 0, 1, "share", 8, "more of it where policies let people make exceptions (A)"
    )
    unfixed_exit: float = _parameter(0.5, 0, 10, "per month", 9, "contacts that an exit left unfixed makes (A)")
    leniency_sd: float = _parameter(
        12, 0, 25, "points", 5, "sd of u; airport survey: sd 17.8, touchpoints explain 57 %"
    )
    leave: float = _parameter(0.02, 0.0001, 0.5, "per month", 9, "h0, share who leave at S = C (A)")
    satisfaction_slope: float = _parameter(
        0.35, 0.03, 0.75, "per 10 points", 9, "b, satisfaction in the odds of leaving (Kumar et al. 2013)"
    )
    frailty: float = _parameter(
        1.4, 0.01, 4, "variance", 9, "phi, of the multiplier of the hazard (Fader & Hardie 2007)"
    )
    switching_weight: float = _parameter(1, 0, 5, "log-odds", 9, "kappa_s, weight of the switching cost (A)")
    market_standard: float = _parameter(72, 50, 90, "points", 9, "C where no rival is given (A)")
    customer_share: float = _parameter(
        0.7, 0, 1, "share", 9, "weight of the customer's role, the user's is the rest (A)"
    )
    first_impression: float = _parameter(72, 50, 90, "points", 6, "S of a newcomer before any experience (A)")
    referred_hazard: float = _parameter(
        0.82, 0.5, 1, "ratio", 10, "hazard of the referred (Schmitt, Skiera & Van den Bulte 2011)"
    )
    won_back: float = _parameter(0.05, 0.001, 0.5, "per year", 9, "share of those lost who return at S = C (A)")
    score_noise: float = _parameter(
        23, 5, 40, "points", 10, "sd of a score around S: ordered probit on 2,625 airport passengers, 2017"
    )
    promoter_from: float = _parameter(74.7, 60, 95, "points", 10, "score from which one promotes (same probit)")
    detractor_to: float = _parameter(43.1, 20, 60, "points", 10, "score up to which one detracts (same probit)")
    talk_base: float = _parameter(0.02, 0, 0.2, "per month", 10, "share who talk anyway (A)")
    talk_extreme: float = _parameter(0.05, 0, 0.5, "per month", 10, "more of them 25 points off the ordinary (A)")
    talk_surprise: float = _parameter(0.05, 0, 0.5, "per month", 10, "more of them after a surprise of 20 points (A)")
    headroom: float = _parameter(0.25, 0, 1, "share", 10, "k, of the room a word moves (East, Hammond & Lomax 2008)")
    survey_response: float = _parameter(0.2, 0.01, 1, "share", 10, "share who answer the company's survey (A)")
    survey_length: float = _parameter(
        0.04, 0, 0.2, "share", 10, "answers lost with each question of a survey beyond the fifth (A)"
    )
    choice_standard: float = _parameter(75, 50, 90, "points", 11, "in place of C in the choice without rivals (A)")
    spending_slope: float = _parameter(0.03, 0, 0.2, "per 10 points", 12, "margin gained with satisfaction (A)")
    afterlife_months: float = _parameter(60, 0, 240, "months", 12, "months after the horizon that count at most (A)")
    loop_lift: float = _parameter(4, 0, 20, "points", 13, "what a completed action adds to its touchpoint (A)")
    loop_words: float = _parameter(1.25, 1, 2, "ratio", 13, "completion where customers' own words are shared (A)")
    loop_fading: float = _parameter(
        3, 0.5, 24, "months", 13, "half-life of zeal in a team not told what came of it (A)"
    )
    loop_told: float = _parameter(2, 0, 10, "points", 13, "lift of W of customers told what was changed (A)")
    strain_from: float = _parameter(85, 50, 100, "percent", 14, "utilisation above which agents are strained (A)")
    strain_wear: float = _parameter(
        0.01, 0, 0.1, "per month", 14, "share of the people lever that 10 points of strain wear (A)"
    )
    half_lives: Mapping[str, float] = field(
        default_factory=lambda: {name: facts.half_life for name, facts in LEVERS.items()}
    )
    """Months until half of a lever's change is felt."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)

    @classmethod
    def of(cls, values: Mapping[str, float]) -> Assumptions:
        """The parameters with these set otherwise, by the names of `PARAMETERS`."""
        own = {part.name for part in fields(cls) if part.metadata}
        return cls(
            **{name: value for name, value in values.items() if name in own},
            half_lives={lever: values.get(f"half_life_{lever}", facts.half_life) for lever, facts in LEVERS.items()},
            kinds={
                kind: Kind(*(values.get(f"{kind}_{part}", getattr(usual, part)) for part in Kind._fields))
                for kind, usual in KINDS.items()
            },
        )


DEFAULTS: Final = Assumptions()
"""The parameters as documented."""


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by the name under which a scenario sets it, in the order of this module."""
    found = {part.name: part.metadata["parameter"] for part in fields(Assumptions) if part.metadata}
    for lever, facts in LEVERS.items():
        what = f"time until half of a change of {lever} is felt (A), inside Schneiderman 1988's 1-22"
        found[f"half_life_{lever}"] = Parameter(facts.half_life, 1, 22, "months", 1, what)
    for kind, usual in KINDS.items():
        for part, what in _PARTS.items():
            value = getattr(usual, part)
            sources = {"performance": "loss/gain 1.955, Brown et al. 2024", "must_be": "Olist promise breach"}
            found[f"{kind}_{part}"] = Parameter(
                value, 0, max(2 * value, 10.0), "points", 5, f"{what}, {sources.get(kind, 'Kano 1984 (A)')}"
            )
    return found
