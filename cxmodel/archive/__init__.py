"""The archive: every run kept under the fingerprint of what made it, complete or not at all. Makes no numbers."""

from cxmodel.archive.store import Archive

__all__ = ["Archive"]
