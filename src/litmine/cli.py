"""The command line: parses, calls the library, prints. Holds no logic of its own.

Heavy imports stand inside the commands, so that `litmine --help` answers at once.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from litmine import __version__
from litmine.errors import LitmineError


def make_parser() -> argparse.ArgumentParser:
    """The parser of every litmine command."""
    parser = argparse.ArgumentParser(
        prog="litmine",
        description="Extract drug-gene-mechanism triples from review articles, with evidence and cited study.",
    )
    parser.add_argument("--version", action="version", version=f"litmine {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    mine = commands.add_parser(
        "mine",
        help="read documents and write a run folder",
        description="Read PDFs (folders are searched), extract triples, and write tables and a report into RUN. "
        "What RUN already holds and still applies is not mined again.",
        epilog="Exit code: 0, or 1 where every document failed, or 2 where the command could not start.",
    )
    mine.add_argument("inputs", nargs="+", type=Path, metavar="INPUT", help="PDF file or folder")
    mine.add_argument("-o", "--output", required=True, type=Path, metavar="RUN", help="run folder to write")
    mine.add_argument("--gold", metavar="NAME", help="also score the run against this gold set (name or folder)")
    mine.add_argument("--config", type=Path, metavar="FILE", help="settings file (litmine.toml)")
    mine.add_argument("--workers", type=int, metavar="N", help="worker processes (default: one per core)")
    mine.add_argument("--quiet", action="store_true", help="no progress bars")
    mine.set_defaults(run=_mine)

    evaluate = commands.add_parser(
        "evaluate",
        help="score a run against a gold set",
        description="Score mentions and triples of RUN against a gold set; print the table and write it into RUN "
        "as scores.json and scores.csv. Gold that could not be found in the text counts as missed.",
    )
    evaluate.add_argument("folder", type=Path, metavar="RUN", help="run folder made by `litmine mine`")
    evaluate.add_argument(
        "--gold", required=True, metavar="NAME", help="gold set: a name below annotations/, or a folder"
    )
    evaluate.set_defaults(run=_evaluate)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = make_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except LitmineError as error:
        print(f"litmine: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("litmine: stopped; what was finished is kept.", file=sys.stderr)
        return 130
    return code


def _mine(options: argparse.Namespace) -> int:
    from litmine.gold.store import find_gold
    from litmine.progress import show_progress
    from litmine.runs import find_inputs, format_summary, mine_run
    from litmine.settings import read_settings

    settings = read_settings(options.config)
    if options.workers is not None:
        settings = settings.model_copy(update={"workers": options.workers})
    gold = find_gold(options.gold) if options.gold else None
    inputs = find_inputs(options.inputs)
    with show_progress(len(inputs.files), quiet=options.quiet) as on_event:
        summary = mine_run(inputs, options.output, settings, on_event)
    print(format_summary(summary))
    if gold is not None:
        _score(options.output, gold)
    return summary.exit_code


def _evaluate(options: argparse.Namespace) -> int:
    from litmine.gold.store import find_gold

    _score(options.folder, find_gold(options.gold))
    return 0


def _score(run: Path, gold: Path) -> None:
    from litmine.report.mining import write_report
    from litmine.scoring.runs import format_scores, score_run

    print(format_scores(score_run(run, gold)))
    write_report(run)


if __name__ == "__main__":
    sys.exit(main())
