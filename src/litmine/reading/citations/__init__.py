"""The reference list and the callouts that lead to it."""
