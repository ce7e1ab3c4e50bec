"""Tables on PDF pages: where they stand, their rows, columns and cells."""
