"""Names that columns usually have, in English and German, and what each of them means."""

from __future__ import annotations

import re
from typing import Final

from cxmodel.scenario.fields.ids import in_latin_letters

ROLE_NAMES: Final = {
    "survey": {
        "satisfaction": (
            "satisfaction overall overall_satisfaction satisfaction_overall osat csat q7all gesamtzufriedenheit"
            " zufriedenheit"
            " zufriedenheit_gesamt overall_rating general_satisfaction total_satisfaction gesamturteil"
            " gesamtbewertung overall_sat"
        ),
        "recommend": (
            "recommend recommendation nps netpro likelihood_to_recommend ltr would_recommend nps_score weiterempfehlung"
            " empfehlung weiterempfehlungsbereitschaft nps_rating recommend_0_10 nps_frage"
        ),
        "problem": "problem had_problem problems q15problem issue complaint had_a_problem problem_ja_nein any_problem",
        "segment": "segment customer_segment kundensegment group gruppe kundengruppe customer_group cluster persona",
        "wave": (
            "wave year month date quarter survey_date welle jahr monat datum quartal erhebung befragungsdatum period"
            " interview_date response_date submitted timestamp welle_nr response_month"
        ),
        "weight": "weight weights wt gewicht gewichtung weighting finalweight wgt hochrechnungsfaktor",
        "respondent": (
            "respondent respondent_id id response_id customer_id resp_id respnum kundennummer kunden_id fall_id case_id"
            " user_id participant participant_id befragten_id lfdnr uuid"
        ),
    },
    "tracker": {
        "month": "month monat date datum period periode year_month jahr_monat yearmonth zeitraum quarter quartal",
        "measure": "measure metric kpi kennzahl indicator messgroesse indikator measurement",
        "value": "value wert score ergebnis result",
        "size": (
            "n size sample_size sample base respondents responses stichprobe fallzahl basis anzahl_befragte"
            " count customers"
            " kunden_gesamt"
        ),
        "segment": "segment customer_segment kundensegment group gruppe kundengruppe",
    },
    "cohorts": {
        "cohort": (
            "cohort kohorte cohort_month joined joined_in start_month signup_month acquisition_month eintritt jahrgang"
        ),
        "period": (
            "period periode age months_since month_number tenure months_since_start alter period_number laufzeit"
            " months_active"
            " t years_since year_number"
        ),
        "there": (
            "there still_there remaining active survivors retained customers still_active verbleibend noch_da"
            " aktiv alive"
            " active_customers count share retention survival bestand"
        ),
    },
    "calls": {
        "desk": (
            "desk queue skill team line hotline warteschlange gruppe department service abteilung queue_name touchpoint"
        ),
        "arrival": (
            "arrival arrived arrival_time time call_time start start_time timestamp datetime date_time"
            " queue_start eingang"
            " anrufzeit zeitpunkt anruf_eingang call_start created date datum received ankunft beginn"
        ),
        "wait": (
            "wait waiting_time wait_time wait_seconds queue_time wartezeit wait_s waiting wartezeit_s wartedauer"
            " time_in_queue"
            " wait_sec asa wait_min wartezeit_min wartezeit_sek"
        ),
        "answered": "answered handled outcome result status angenommen beantwortet ergebnis disposition was_answered",
        "abandoned": "abandoned abandon abd lost aufgelegt abgebrochen verloren is_abandoned was_abandoned hung_up",
        "handling": (
            "handling handling_time handle_time aht bearbeitungszeit duration call_duration service_time"
            " gespraechsdauer"
            " handling_s handle_s handling_seconds dauer bearbeitungsdauer handling_min"
        ),
        "talk": "talk talk_time talk_seconds gespraechszeit sprechzeit talk_s",
        "hold": "hold hold_time hold_seconds haltezeit hold_s",
        "wrap": "wrap wrap_time wrap_up acw after_call_work nachbearbeitung nachbearbeitungszeit wrap_s wrapup",
        "solved": (
            "solved resolved fcr first_contact_resolution geloest erledigt first_call_resolution is_solved resolution"
            " sofort_geloest"
        ),
        "call": "call_id id callid anruf_id ticket_id call interaction_id contact_id",
    },
}
_ROLES: Final = {
    kind: {word: role for role, words in by_role.items() for word in words.split()}
    for kind, by_role in ROLE_NAMES.items()
}
_MEASURES: Final = {
    "nps": "nps net_promoter_score netpromoterscore net_promoter nps_score",
    "satisfaction": (
        "satisfaction csat osat zufriedenheit kundenzufriedenheit gesamtzufriedenheit customer_satisfaction"
    ),
    "churn_monthly": (
        "churn leaving churn_rate attrition kuendigungen kuendigungsquote abwanderung abwanderungsquote churn_monthly"
        " leavers cancellation_rate cancellations leave churnrate"
    ),
    "retention_monthly": "retention retention_rate bindungsquote retention_monthly",
    "contacts_per_customer": (
        "contacts contacts_per_customer contact_rate kontakte kontakte_je_kunde calls_per_customer kontaktquote"
    ),
    "acquired": (
        "acquired customers_won new_customers won gewonnen neukunden gewonnene_kunden acquisitions sign_ups"
        " signups joiners"
    ),
}
_MEASURE_OF: Final = {word: measure for measure, words in _MEASURES.items() for word in words.split()}
_PERS: Final = {
    "month": r"(?:per_|a_|je_|pro_)?(?:month|monat|monthly|monatlich)",
    "quarter": r"(?:per_|a_|je_|pro_)?(?:quarter|quartal|quarterly|vierteljahr)",
    "year": r"(?:per_|a_|je_|pro_)?(?:year|jahr|yearly|annual|jaehrlich|annually|jahrlich)",
}
_PERCENT: Final = re.compile(r"(?:_|^)(?:percent|pct|prozent|in_prozent)(?=_|$)")
_SIZE: Final = re.compile(
    r"^(?:n|size|sample_size|base|respondents)_(?:of_)?(.+)$|^(.+)_(?:n|size|sample_size|base|respondents)$"
)
_PERIOD: Final = re.compile(
    r"(?:month|months|m|period|year|years|y|quarter|week|w|after|monat|jahr|periode|there|active|after_month)?_?(\d{1,4})"
    r"(?:_(?:months?|years?|periods?|weeks?|monate?n?|jahre?n?))?"
)


def plain(name: str) -> str:
    """A column's name in small Latin letters; `ä` is `ae`, as German files without umlauts have it."""
    return in_latin_letters(
        name.casefold()
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replace("ß", "ss")
        .replace("%", " percent ")
    )


def role_named(name: str, kind: str) -> str | None:
    """What a column is by its name, in a file of a kind.

    >>> role_named("Wartezeit (s)", "calls"), role_named("Q7ALL", "survey"), role_named("shoe size", "survey")
    ('wait', 'satisfaction', None)
    """
    word = plain(name)
    return _ROLES[kind].get(word) or _ROLES[kind].get(re.sub(r"_(?:s|sec|seconds|min|minutes|sek|hh_mm_ss)$", "", word))


def unit_named(name: str) -> str:
    """The unit of a duration by the name of its column."""
    return "minutes" if re.search(r"_(?:min|mins|minutes|minuten)$", plain(name)) else ""


def measure_named(name: str) -> tuple[str, str, str] | None:
    """The measure that a name stands for, what it is per, and its unit.

    >>> measure_named("Churn % per year"), measure_named("Kündigungsquote"), measure_named("mood")
    (('churn_monthly', 'year', 'percent'), ('churn_monthly', '', ''), None)
    """
    word = plain(name)
    unit = "percent" if _PERCENT.search(word) else ""
    word = re.sub(r"_+", "_", _PERCENT.sub("", word)).strip("_")
    if word in _MEASURE_OF:
        return _MEASURE_OF[word], "", unit
    for per, pattern in _PERS.items():
        for whole in (rf"(.+?)_{pattern}", rf"{pattern}_(.+)"):
            if (found := re.fullmatch(whole, word)) and found[1] in _MEASURE_OF:
                return _MEASURE_OF[found[1]], per, unit
    return None


def size_named(name: str) -> str | None:
    """The measure whose sample size a column holds, by its name.

    >>> size_named("nps_n"), size_named("n of satisfaction"), size_named("n")
    ('nps', 'satisfaction', None)
    """
    found = _SIZE.match(plain(name))
    measured = measure_named(found[1] or found[2]) if found else None
    return measured[0] if measured else None


def period_of(name: str) -> int | None:
    """The number of a period: `month 3`, `m3`, `3`, `after 3 months`.

    >>> [period_of(name) for name in ("Month 3", "m3", "3", "after 3 months", "2026-05")]
    [3, 3, 3, 3, None]
    """
    found = _PERIOD.fullmatch(plain(name))
    return int(found[1]) if found else None
