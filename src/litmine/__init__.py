"""litmine: drug-gene-mechanism triples from review articles."""

__version__ = "0.1.0"
