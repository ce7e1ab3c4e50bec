"""How every shipped lexicon and model was made. Nothing here runs when litmine mines."""
