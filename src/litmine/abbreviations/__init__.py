"""Short forms and the long forms that a text introduces them with."""

from litmine.abbreviations.grammar import is_list_of_abbreviations, iter_abbreviations, iter_listed

__all__ = ["is_list_of_abbreviations", "iter_abbreviations", "iter_listed"]
