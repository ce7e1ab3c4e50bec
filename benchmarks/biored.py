"""The tagger on BioRED's development part, which it was not trained on: `python -m benchmarks.biored [--errors]`.

Strict: same span and type (gene or gene product, chemical entity). 95 % intervals: BCa bootstrap over abstracts. Needs
the corpora below LITMINE_SHARED (training/biored). The speed is that of the tagger alone, in tokens of the parser.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path

from litmine.entities.ner import CHEMICAL, GENE, Tagger, make_tagger
from litmine.entities.recognition import EntityRecogniser
from litmine.language import Analyser
from litmine.scoring.counts import BOOTSTRAP, Score, make_score
from litmine.training.ner import make_document
from litmine.training.ner_abstracts import BIORED_DEV, read_biored


def score_biored(
    corpora: Path, tagger: Tagger, errors: Counter[tuple[str, str, str]] | None = None
) -> dict[str, Score]:
    """Strict score by type; `errors` takes up (type, what, text) of every miss and false alarm."""
    analyser, recogniser = Analyser(), EntityRecogniser()
    gold: dict[str, list[tuple[int, int, int]]] = {GENE: [], CHEMICAL: []}
    found: dict[str, list[tuple[int, int, int]]] = {GENE: [], CHEMICAL: []}
    abstracts = read_biored(corpora, BIORED_DEV)
    seconds, tokens = 0.0, 0
    for number, abstract in enumerate(abstracts):
        document = make_document(abstract)
        analysis = analyser.analyse(document)
        known = recogniser.recognise(document, analysis)
        began = time.perf_counter()
        proposals = tagger.propose(document, analysis, known)
        seconds += time.perf_counter() - began
        tokens += sum(len(sentence.tokens) for sentence in analysis.sentences)
        for start, end, type_ in abstract.spans:
            gold[type_].append((number, start, end))
        for proposal in proposals:
            found[proposal.type].append((number, proposal.start, proposal.end))
    scores: dict[str, Score] = {}
    for type_ in gold:
        places = {place: i for i, place in enumerate(gold[type_])}
        pairs = [(places[place], j) for j, place in enumerate(found[type_]) if place in places]
        units = [[("", place[0]) for place in each] for each in (gold[type_], found[type_])]
        scores[type_] = make_score(units[0], units[1], pairs, BOOTSTRAP)
        if errors is not None:
            for what, these, others in (("missed", gold, found), ("spurious", found, gold)):
                known_places = set(others[type_])
                for number, start, end in these[type_]:
                    if (number, start, end) not in known_places:
                        errors[type_, what, abstracts[number].text[start:end]] += 1
    print(f"{tokens / seconds:,.0f} tokens/s")
    return scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ner", default="litmine", help="tagger: litmine, or an installed spaCy package")
    parser.add_argument("--errors", action="store_true", help="print every error")
    options = parser.parse_args()
    shared = Path(os.environ.get("LITMINE_SHARED", Path(__file__).parents[2] / "shared"))
    errors: Counter[tuple[str, str, str]] = Counter()
    scores = score_biored(shared / "training", make_tagger(options.ner), errors)
    print(f"{'BioRED Dev':12}{'gold':>6}{'P':>8}{'R':>8}{'F':>8}  95 %")
    for type_, score in scores.items():
        low, high = score.interval or (0.0, 0.0)
        figures = f"{score.precision:8.3f}{score.recall:8.3f}{score.f:8.3f}"
        print(f"{type_:12}{score.n_gold:6}{figures}  {low:.3f}–{high:.3f}")
    if options.errors:
        for (type_, what, text), n in errors.most_common():
            print(f"{type_}\t{what}\t{n}\t{text}")


if __name__ == "__main__":
    main()
