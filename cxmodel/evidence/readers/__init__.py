"""Readers: from files as companies have them to tables of numbers, with an account of what was dropped and why."""

from cxmodel.evidence.readers.mapping import Mapping, mapping_of, mapping_text, read_mapping
from cxmodel.evidence.readers.reader import preview, propose, read

__all__ = ["Mapping", "mapping_of", "mapping_text", "preview", "propose", "read", "read_mapping"]
