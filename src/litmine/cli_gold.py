"""`litmine gold …`: checks, counts, compares and converts gold sets. Parses, calls the library, prints."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litmine.errors import GoldError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litmine.gold.model import Gold
    from litmine.scoring.counts import Score

CLASS_WORDS = frozenset({"inhibitor", "antibody", "antagonist", "agonist", "blocker", "degrader", "drug"})
FORM_NAMES = ("brat", "bioc", "bioc-xml", "pubannotation", "tsv")


def add_gold_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `gold` with its own commands."""
    gold = commands.add_parser(
        "gold",
        help="check, count, compare and convert annotations",
        description="Work on gold sets: folders below annotations/ that hold what annotators found, without the text.",
    )
    own = gold.add_subparsers(dest="gold_command", required=True, metavar="COMMAND")
    names = "gold set: a name below annotations/, or a folder of one or several documents"

    validate = own.add_parser("validate", help="check every layer of every document", description=_validate.__doc__)
    validate.add_argument("names", nargs="*", default=["annotations"], metavar="NAME", help=names)
    validate.set_defaults(run=_validate)

    stats = own.add_parser("stats", help="count what is annotated", description=_stats.__doc__)
    stats.add_argument("names", nargs="*", default=["annotations"], metavar="NAME", help=names)
    stats.set_defaults(run=_stats)

    agree = own.add_parser("agree", help="how well two annotators agree", description=_agree.__doc__)
    agree.add_argument("name", metavar="NAME", help="gold document with several layers")
    agree.add_argument("first", metavar="A", help="layer, such as annotator-A, or gold")
    agree.add_argument("second", metavar="B")
    agree.add_argument("--list", action="store_true", help="list every disagreement")
    agree.set_defaults(run=_agree)

    export = own.add_parser("export", help="write gold with its text for another tool", description=_export.__doc__)
    export.add_argument("name", metavar="NAME", help="gold document")
    export.add_argument("--text", required=True, type=Path, metavar="TXT", help="any reading of the article, as text")
    export.add_argument("--layer", default="gold", help="layer of one annotator instead of the gold")
    export.add_argument("--to", required=True, choices=FORM_NAMES, dest="form")
    export.add_argument("-o", "--output", required=True, type=Path, help="file to write, or folder for tsv")
    export.set_defaults(run=_export)

    take = own.add_parser(
        "import", help="make a gold document of another tool's annotation", description=_import.__doc__
    )
    take.add_argument("path", type=Path, metavar="PATH", help="file, or folder for tsv")
    take.add_argument("--from", required=True, choices=FORM_NAMES, dest="form")
    take.add_argument("-o", "--output", required=True, type=Path, help="folder to write, below annotations/")
    take.add_argument("--source", help="citation and licence of the article, where the file does not give them")
    take.add_argument("--doi")
    take.set_defaults(run=_import)


def _validate(options: argparse.Namespace) -> int:
    """Check offsets, surfaces, classes, labels, evidence, overlaps and repeats; exit with 1 where anything is wrong.

    Drugs and genes that no list of litmine has are named, but are no fault: the gold may know more.
    """
    from litmine.gold.store import document_folders, find_gold, layers_of, read_gold

    failed = False
    golds: list[Gold] = []
    for name in options.names:
        for folder in document_folders(find_gold(name)):
            for layer in layers_of(folder):
                try:
                    found = read_gold(folder, layer)
                except GoldError as error:
                    failed = True
                    print(error, file=sys.stderr)
                else:
                    counts = f"{len(found.mentions)} mentions, {len(found.triples)} triples"
                    print(f"{folder.name:<28}{layer:<14}{counts}: valid")
                    golds.append(found)
    unknown = unknown_concepts(golds)
    for type_, concepts in unknown.items():
        print(f"{len(concepts)} {type_} concepts that no list here has, rare or misspelt: {', '.join(concepts)}")
    return int(failed)


def unknown_concepts(golds: "Sequence[Gold]") -> dict[str, list[str]]:
    """Type → concepts of mentions and triples that no list has, ascending; types with none left out.

    Agents called by what they act on ("egfr inhibitor") stand in no list.
    """
    from litmine.lexicon.names import load_lexicon

    lexicon = load_lexicon()
    found: dict[str, list[str]] = {}
    for type_, names in (("Drug", lexicon.drugs), ("Gene", lexicon.genes)):
        used = {m.concept for gold in golds for m in gold.mentions if m.type == type_}
        used |= {getattr(triple, type_.lower()) for gold in golds for triple in gold.triples}
        unknown = sorted(c for c in used if c.split()[-1] not in CLASS_WORDS and not names.has_concept(c))
        if unknown:
            found[type_] = unknown
    return found


def _stats(options: argparse.Namespace) -> int:
    """Count documents, mentions, concepts, triples and labels."""
    from litmine.gold.statistics import count_gold
    from litmine.gold.store import find_gold, read_gold_set

    golds = [gold for name in options.names for gold in read_gold_set(find_gold(name))]
    found = count_gold(golds)
    print(f"{'document':<28}{'sentences':>10}{'mentions':>10}{'triples':>9}")
    for gold in golds:
        print(f"{gold.id:<28}{len(gold.sentences):>10}{len(gold.mentions):>10}{len(gold.triples):>9}")
    print(f"{'all':<28}{found.n_sentences:>10}{sum(found.n_mentions.values()):>10}{found.n_triples:>9}\n")
    for type_, n in found.n_mentions.items():
        print(f"{type_:<14}{n:>7} mentions of {found.n_concepts[type_]} concepts")
    print(f"{'triples':<14}{found.n_triples:>7} of {found.n_claims} claims, {found.n_cited} cite a reference")
    for attribute, labels in found.labels.items():
        print(f"{attribute:<14}" + ", ".join(f"{label} {n}" for label, n in labels.items()))
    print(f"{'mechanisms':<14}" + ", ".join(f"{name} {n}" for name, n in found.classes.items()))
    return 0


def _agree(options: argparse.Namespace) -> int:
    """F of one layer held against another with 95 % intervals, and Cohen's kappa of the labels of what both marked."""
    from litmine.gold.store import document_folders, find_gold, read_gold
    from litmine.scoring.agreement import score_agreement

    folders = list(document_folders(find_gold(options.name)))
    if len(folders) != 1:
        raise GoldError(f"{options.name} holds {len(folders)} documents; name one.")
    first, second = (read_gold(folders[0], layer) for layer in (options.first, options.second))
    found = score_agreement(first, second)
    print(f"{'F':<38}{options.first:>14}{options.second:>14}{'both':>7}{'F':>8}  95 %")
    for measure, rows in found.mentions.items():
        for type_, score in rows.items():
            _print_score(f"{type_}, {measure}", score)
    for title, levels in (("document", found.triples), ("evidence", found.triples_by_evidence)):
        for level, score in levels.items():
            _print_score(f"triple {level}, by {title}", score)
    print(f"\n{'Kappa, of what both marked':<38}{'n':>14}{'kappa':>14}")
    for name, kappa in found.kappas.items():
        print(f"{name:<38}{kappa.n:>14}{'–' if kappa.value is None else format(kappa.value, '.3f'):>14}")
    print(f"\n{len(found.disagreements)} disagreements{'' if options.list else ' (--list shows them)'}")
    for each in found.disagreements if options.list else ():
        print(f"{each.sentence:<8}{each.layer:<10}{each.first or 'nothing'} / {each.second or 'nothing'}")
    return 0


def _print_score(name: str, score: "Score") -> None:
    interval = f"  {score.interval[0]:.3f}–{score.interval[1]:.3f}" if score.interval else ""
    counts = f"{score.n_gold:>14}{score.n_predicted:>14}{score.n_matched:>7}"
    print(f"{name:<38}{counts}{score.f:>8.3f}{interval}")


def _export(options: argparse.Namespace) -> int:
    """Put a gold document's annotations into a text of its article, for another tool. The output holds the text."""
    from litmine.gold.formats import FORMS
    from litmine.gold.standoff import put_into_text
    from litmine.gold.store import document_folders, find_gold, read_gold

    folders = list(document_folders(find_gold(options.name)))
    if len(folders) != 1:
        raise GoldError(f"{options.name} holds {len(folders)} documents; name one.")
    try:
        text = options.text.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{options.text} cannot be read as text: {error}.") from None
    standoff, lost = put_into_text(read_gold(folders[0], options.layer), text)
    form: Any = FORMS[options.form]
    form.write(standoff, options.output)
    print(f"{options.output}: {len(standoff.mentions)} mentions, {len(standoff.triples)} triples")
    if lost.n_sentences or lost.n_mentions or lost.n_triples:
        print(
            f"Not in this text, and so left out: {lost.n_sentences} sentences, {lost.n_mentions} mentions, "
            f"{lost.n_triples} triples.",
            file=sys.stderr,
        )
    return 0


def _import(options: argparse.Namespace) -> int:
    """Make a gold document without text from an annotated text, one sentence a line."""
    from dataclasses import replace

    from litmine.gold.formats import FORMS
    from litmine.gold.standoff import take_from_text

    standoff = FORMS[options.form].read(options.path)
    if options.source:
        standoff = replace(standoff, source=options.source)
    gold = take_from_text(standoff, options.output, options.doi)
    print(
        f"{options.output}: {len(gold.sentences)} sentences, {len(gold.mentions)} mentions, {len(gold.triples)} triples"
    )
    return 0
