"""From a file to a `Document`: text in reading order, with sections, references, callouts and places."""
