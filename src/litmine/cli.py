"""The command line: parses, calls the library, prints. Holds no logic of its own.

Heavy imports stand inside the commands, so that `litmine --help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from litmine import __version__
from litmine.cli_gold import add_gold_commands
from litmine.errors import LitmineError, StoreError


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
        description="Read PDFs and JATS XML (folders are searched), extract triples, and write tables and a report "
        "into RUN. What RUN already holds and still applies is not mined again.",
        epilog="Exit code: 0, or 1 where every document failed, or 2 where the command could not start. "
        "The password of locked PDFs is taken from the environment variable LITMINE_PASSWORD or from the settings "
        "file: on the command line others could see it.",
    )
    mine.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="PDF, JATS XML (.xml, .nxml), text or Markdown file, or folder",
    )
    mine.add_argument("-o", "--output", required=True, type=Path, metavar="RUN", help="run folder to write")
    mine.add_argument("--gold", metavar="NAME", help="also score the run against this gold set (name or folder)")
    mine.add_argument("--config", type=Path, metavar="FILE", help="settings file (litmine.toml)")
    mine.add_argument(
        "--reader",
        choices=("pdfium", "pdfplumber"),
        help="what interprets PDFs (default: pdfium; pdfplumber is many times slower and there to check the other)",
    )
    mine.add_argument(
        "--ocr",
        action="store_true",
        help="read scanned pages by text recognition (needs `pip install 'litmine[ocr]'`; seconds a page)",
    )
    mine.add_argument("--workers", type=_worker_count, metavar="N", help="worker processes (default: one per core)")
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
    evaluate.add_argument(
        "--fail-under",
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="exit with 1 where a figure is lower, such as triple.f=0.6, Gene.strict.recall=0.9, attribute.role=0.6; "
        "may be given several times",
    )
    evaluate.set_defaults(run=_evaluate)

    compare = commands.add_parser(
        "compare",
        help="say what differs between two runs, and why",
        description="What appeared, vanished and changed from RUN_A to RUN_B, each with its cause: document, reading, "
        "recognition, model or settings. With gold also the difference of scores and whether it is more than chance.",
    )
    compare.add_argument("before", type=Path, metavar="RUN_A")
    compare.add_argument("after", type=Path, metavar="RUN_B")
    compare.add_argument("--gold", metavar="NAME", help="gold set: a name below annotations/, or a folder")
    compare.add_argument("-o", "--output", type=Path, metavar="HTML", help="write the comparison as a page as well")
    compare.set_defaults(run=_compare)

    report = commands.add_parser(
        "report",
        help="write the report of a run again",
        description="Write report.html of RUN again, and evaluation.html where the run is scored. With --crops the "
        "evidence is shown on its pages: the documents must lie where they were mined from.",
        epilog="The password of a locked PDF is taken from the environment variable LITMINE_PASSWORD.",
    )
    report.add_argument("folder", type=Path, metavar="RUN", help="run folder made by `litmine mine`")
    report.add_argument("--crops", action="store_true", help="draw the evidence into RUN/crops")
    report.set_defaults(run=_report)

    where = commands.add_parser(
        "where",
        help="show a mention on the page",
        description="Say where a mention stands, and draw the lines around it with the mention marked. The document "
        "must lie where it was mined from.",
        epilog="The password of a locked PDF is taken from the environment variable LITMINE_PASSWORD.",
    )
    where.add_argument("folder", type=Path, metavar="RUN", help="run folder made by `litmine mine`")
    where.add_argument(
        "mention",
        metavar="MENTION_ID",
        help="DOCUMENT:NUMBER (columns doc_id and mention of the table mentions) or DOCUMENT:START-END (characters of "
        "the text); the beginning of a doc_id will do, and in a run of one document NUMBER or START-END alone",
    )
    where.add_argument("-o", "--output", type=Path, metavar="PNG", help="picture to write")
    where.set_defaults(run=_where)

    add_gold_commands(commands)

    doctor = commands.add_parser(
        "doctor",
        help="say what is installed and what would be used",
        description="Load every part as a run would, and say which models, lexicons and extras are installed, which of "
        "them the settings choose, how long they take to load, and what is missing.",
        epilog="Exit code: 0, or 1 where a run could not start.",
    )
    doctor.add_argument("--config", type=Path, metavar="FILE", help="settings file (litmine.toml)")
    doctor.set_defaults(run=_doctor)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = make_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except LitmineError as error:
        print(f"litmine: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("litmine: stopped; what was finished is kept.", file=sys.stderr)
        return 130
    return code


def _worker_count(written: str) -> int:
    if not written.isdecimal():
        raise argparse.ArgumentTypeError(f"{written!r} is no number of worker processes")
    return int(written)


def _mine(options: argparse.Namespace) -> int:
    from litmine.gold.store import find_gold
    from litmine.progress import show_progress
    from litmine.runs import find_inputs, find_password, format_summary, mine_run
    from litmine.settings import read_settings

    settings = read_settings(options.config)
    reading = {"reader": options.reader, "ocr": options.ocr or None, "password": find_password()}
    given = {name: value for name, value in reading.items() if value is not None}
    settings = settings.model_copy(update={"reading": settings.reading.model_copy(update=given)})
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

    return _score(options.folder, find_gold(options.gold), options.fail_under)


def _compare(options: argparse.Namespace) -> int:
    from litmine.comparison import compare_runs, compare_scores, format_comparison
    from litmine.gold.store import find_gold

    gold = find_gold(options.gold) if options.gold else None
    comparison = compare_runs(options.before, options.after)
    differences = compare_scores(options.before, options.after, gold) if gold else ()
    print(format_comparison(comparison, differences))
    if options.output:
        from litmine.report.comparison import write_comparison

        print(write_comparison(comparison, differences, options.output))
    return 0


def _report(options: argparse.Namespace) -> int:
    from litmine.report.mining import write_report

    if options.crops:
        from litmine.crops import draw_evidence
        from litmine.runs import find_password

        n_crops = draw_evidence(options.folder, find_password(), lambda fault: print(fault, file=sys.stderr))
        print(f"{n_crops} pictures of evidence in {options.folder / 'crops'}")
    print(write_report(options.folder))
    if (options.folder / "scores.json").exists():
        from litmine.report.evaluation import write_evaluation

        print(write_evaluation(options.folder))
    return 0


def _where(options: argparse.Namespace) -> int:
    from litmine.runs import find_password
    from litmine.where import draw_spot, find_spot, format_spot

    password = find_password()
    spot = find_spot(options.folder, options.mention, password)
    print(format_spot(spot))
    if options.output and spot.document.glyphs is not None:
        try:
            draw_spot(spot, password).save(options.output, format="PNG")
        except OSError as error:
            raise StoreError(f"{options.output} cannot be written: {error.strerror or error}.") from None
        print(options.output)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from litmine.doctor import examine, format_findings
    from litmine.settings import read_settings

    findings = examine(read_settings(options.config))
    print(format_findings(findings))
    return int(any(finding.fault for finding in findings))


def _score(run: Path, gold: Path, fail_under: Sequence[str] = ()) -> int:
    from litmine.report.evaluation import write_evaluation
    from litmine.report.mining import write_report
    from litmine.scoring.gate import check_gates, read_gates
    from litmine.scoring.runs import format_scores, score_run

    gates = read_gates(fail_under)
    scores = score_run(run, gold)
    print(format_scores(scores))
    write_report(run)
    print(f"\n{write_evaluation(run)}")
    missed = check_gates(scores, gates)
    for sentence in missed:
        print(f"litmine: {sentence}.", file=sys.stderr)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
