"""Columns that tell who somebody is, or hold what somebody wrote: they are recognised and never kept."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from cxmodel.evidence.readers.table import Column
from cxmodel.scenario.fields.ids import in_latin_letters

_BY_NAME: Final = {
    "names": re.compile(
        r"^name$|(?:^|_)(?:firstname|lastname|fullname|surname|forename|vorname|nachname|familienname|kundenname|ansprechpartner"
        r"|(?:first|last|full|customer|user|contact|respondent|caller|agent)_name|name_(?:des|der|of)_\w+)$"
    ),
    "addresses": re.compile(
        r"(?:^|_)(?:e?_?mail|e?_?mail_addr\w*|address|adresse|anschrift|street|strasse|hausnummer|zip|zip_code|postcode|plz"
        r"|postleitzahl|ip|ip_address)$"
    ),
    "phone numbers": re.compile(
        r"(?:^|_)(?:phone|telephone|telefon|tel|mobile|handy|rufnummer|telefonnummer|phone_(?:no|number)|caller_?id|ani|msisdn)$"
    ),
    "dates of birth": re.compile(r"(?:^|_)(?:dob|birth\w*|date_of_birth|geburt\w*)$"),
    "bank accounts": re.compile(r"(?:^|_)(?:iban|bic|account_number|kontonummer|card_number)$"),
    "what people wrote": re.compile(
        r"(?:^|_)(?:comments?|verbatims?|free_?text|freitext|kommentar\w*|bemerkung\w*|anmerkung\w*|remarks?|notes?"
        r"|open_(?:end|text|answer)\w*|message|transcript)$"
    ),
}
"""What a column holds, by its name."""
_MAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_PHONE: Final = r"^(\+|00|0|\()[\d][\d ()/.-]{6,}\d$"
_NAME: Final = r"^(?:(?:Mr|Mrs|Ms|Dr|Herr|Frau)\.? )?\p{Lu}\p{L}+(?:[ -]\p{Lu}\p{L}*\.?){0,2},? \p{Lu}[\p{L}'’-]+$"
_SENTENCE: Final = r"^\S*\p{L}\S*( \S*\p{L}\S*){2,}"
_STREET: Final = (
    r"(?i)^\d{1,4} [\p{L} .'-]+ (?:street|st|road|rd|avenue|ave|lane|drive)\.?$"
    r"|(?:stra(?:ß|ss)e|str\.|weg|allee|gasse) ?\d{1,4}\w?$"
)
_LOOKED_AT: Final = 20_000
"""Different texts of a column that are looked at."""
_LONG: Final = 40
"""Characters of a text that is no category."""


def personal(column: Column) -> str:
    """What a column holds that is never kept, in words such as `names`; empty where there is nothing of it."""
    values = column.values.slice(0, _LOOKED_AT)
    values = values.filter(pc.not_equal(values, ""))
    if len(values) and _share(values, r"^[+-]?\d{1,3}([.,]\d+)?$") > 0.9:
        return ""
    name = in_latin_letters(column.name)
    for what, pattern in _BY_NAME.items():
        if pattern.search(name):
            return what
    if not len(values):
        return ""
    if _share(values, _MAIL) > 0.05:
        return "addresses"
    if _share(values, _PHONE) > 0.5 and _share(values, r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}") < 0.5:
        return "phone numbers"
    if _share(values, r"^[\d.,:%/+ -]+$") > 0.5:
        return ""
    if _share(values, _STREET) > 0.3:
        return "addresses"
    rows = int(column.counts.sum())
    mostly_different = len(values) > 20 and len(column.values) > rows * 0.3
    if mostly_different and _share(values, _NAME) > 0.6:
        return "names"
    if mostly_different and _share(values, _SENTENCE) > 0.3:
        return "what people wrote"
    lengths = pc.utf8_length(values)
    long = pc.sum(pc.greater(lengths, _LONG)).as_py() / len(values)
    if (long > 0.3 and (len(values) > 20 or len(column.values) > rows * 0.5)) or pc.max(lengths).as_py() > 300:
        return "what people wrote"
    return ""


def _share(values: pa.Array, pattern: str) -> float:
    """The share of texts that a pattern fits."""
    return float(pc.mean(pc.cast(pc.match_substring_regex(values, pattern), pa.float64())).as_py())
