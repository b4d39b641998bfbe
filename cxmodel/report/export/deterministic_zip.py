"""Office files and ZIPs without a clock: the same content is the same bytes, whenever it is packed."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest moment a ZIP can hold."""
WRITTEN: Final = "2000-01-01T00:00:00Z"
"""The moment that stands in place of every other."""
MOMENTS: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def settled(packed: bytes) -> bytes:
    """The same package with every moment of its making taken out, also in the packages inside it."""
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = settled(content)
            elif name == "docProps/core.xml":
                content = MOMENTS.sub(rb"\g<1>" + WRITTEN.encode() + rb"\g<2>", content)
            new.writestr(_entry(name), content)
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    """Files as one ZIP."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_entry(name), content)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
