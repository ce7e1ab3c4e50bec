"""From a file to a `Document`: text in reading order, with sections, references, callouts and places."""

from litmine.reading.reader import read_document

__all__ = ["read_document"]
