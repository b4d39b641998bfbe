"""Results on disk: each table as Parquet and as CSV, with the manifest and the document that explain them."""

import json
import os
from pathlib import Path

from cxmodel.results import TABLES, Result


def write(result: Result, folder: str | os.PathLike[str]) -> None:
    """Write a result into a folder, which is made if need be."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        frame = getattr(result, name)
        frame.to_parquet(place / f"{name}.parquet", index=False)
        frame.to_csv(place / f"{name}.csv", index=False)
    (place / "manifest.json").write_text(json.dumps(result.manifest, indent=2) + "\n", encoding="utf-8")
    (place / "result.json").write_text(json.dumps(result.document(), indent=2) + "\n", encoding="utf-8")
