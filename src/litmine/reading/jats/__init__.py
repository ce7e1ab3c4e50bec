"""JATS XML to a `Document`."""
