"""Short forms and the long forms that a text introduces them with."""

from litmine.abbreviations.fitting import is_borne_out
from litmine.abbreviations.grammar import is_list_of_abbreviations, iter_abbreviations, iter_listed, opens_list

__all__ = ["is_borne_out", "is_list_of_abbreviations", "iter_abbreviations", "iter_listed", "opens_list"]
