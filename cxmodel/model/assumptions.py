"""Every parameter of the model that a scenario does not have to set, with its default, unit and source.

`(A)` marks an assumption: no usable published value exists, so sensitivity analysis varies it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Parameters of the equations. Points are on the 0-100 scale, times in days unless a name says otherwise."""

    # (2) delivery and insight
    ignorance: float = 0.7  # (A) share of the unknown need that a company without any insight misses
    commit_power: float = 0.5  # (A) exponent of priorities and of policies in the commitment to a standard
    lever_floor: float = 0.02  # levers are held to floor .. 1 - floor, so that their logarithms exist
    quality_noise: float = 6.0  # (A) sd of a visit's level around what is delivered [points]
    # (3) promises
    believed: float = 0.7  # (A) signs: Boulding et al. 1993
    believed_later: float = 0.3  # (A) share of belief left once the customer has lived the attribute
    should_from_promise: float = 0.5  # (A) how far a promise lifts what customers hold you to
    # (4) perception
    assimilation: float = 0.15  # (A) pull of expectation on what is perceived
    will_share: float = 0.5  # (A) weight of the will-expectation in the standard of comparison
    # (5) surprise and episodes
    surprise_scale: float = 15.0  # saturation of gains and losses [points]
    wait_scale: float = 10.0  # (A) most that waiting can cost an episode [points]
    free_wait: float = 1 / 1440  # (A) a minute that nobody minds [days]
    fallback_effort: float = 10.0  # (A) effort of a channel one did not choose [points]
    # (6) memory
    memory_start: float = 2.0  # (A) n0, experiences that the first impression is worth
    memory_floor: float = 0.04  # (A) least learning rate
    memory_ceiling: float = 0.5  # (A) greatest learning rate
    quiet_days: float = 30.0  # (A) time after which a visit without news counts in full [days]
    news_scale: float = 40.0  # (A) news that count as much as a quiet month [points]
    # (7) learning of expectations
    will_learning: float = 0.2  # (A) theta
    ratchet: float = 0.1  # (A) psi
    liquid: float = 0.03  # (A) delta, per month
    # (8) contacts
    shortfall_beyond: float = 20.0  # (A) weighted gap beyond which people call [points]
    calls_after_failure: float = 0.5  # (A)
    calls_after_shortfall: float = 0.1  # (A)
    calls_again_after: float = 1.0  # mean of the exponential time to a repeat call [days]
    calls_again_abandoned: float = 0.5  # (A) share of those who gave up waiting
    repeat_calls: int = 5  # (A) repeats of one issue at most
    handling_cv: float = 1.2  # call centre, February 1999: 1.21
    recovery: float = 0.7  # share of the satisfaction lost that a solved issue returns
    recovery_by_policy: float = 0.6  # more of it where policies allow exceptions
    # (9) loyalty
    leniency_sd: float = 12.0  # airport survey: sd 17.8, touchpoints explain 57 %
    leave: float = 0.02  # h0, share of customers per month at S = C
    satisfaction_slope: float = 0.35  # b per 10 points; range .03-.75 (Kumar et al. 2013)
    frailty: float = 1.4  # phi, variance of the multiplier of the hazard (Fader & Hardie 2007 series)
    switching_weight: float = 1.0  # (A) kappa_s
    market_standard: float = 72.0  # C where no rival is given [points]
    customer_share: float = 0.7  # (A) weight of the customer's role in loyalty, the user's is the rest
    first_impression: float = 72.0  # S of a newcomer before any experience [points]
    referred_hazard: float = 0.82  # referred customers leave less
    # (10) advocacy: ordered probit on 2,625 airport passengers, 2017
    score_noise: float = 23.0
    promoter_from: float = 74.7
    detractor_to: float = 43.1
    talk_base: float = 0.02  # (A) share who talk in a month
    talk_extreme: float = 0.05  # (A)
    talk_surprise: float = 0.05  # (A)
    headroom: float = 0.25  # k (East, Hammond & Lomax 2008)
    survey_response: float = 0.2  # (A)
    # (11) acquisition
    choice_standard: float = 75.0  # in place of C where there is no rival [points]
    # (12) money
    spending_slope: float = 0.03  # (A) margin gained per 10 points of satisfaction
    afterlife_months: int = 60  # months after the horizon that count in customer equity at most


DEFAULTS = Assumptions()
"""The parameters as documented."""
