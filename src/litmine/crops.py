"""Pictures of the pages that carry evidence, beside the report.

Owns which sentences are drawn and the folder they lie in; how a spot is drawn is for `litmine.where`.
"""

from collections.abc import Callable
from pathlib import Path

from litmine.errors import LitmineError
from litmine.report.mining import CROPS, MOST_ROWS, crop_name
from litmine.report.pages import records
from litmine.store import read_table
from litmine.where import Spot, draw_spot, read_again

COLOURS = 64
"""Enough for print with a marked sentence, and a third of the bytes."""


def draw_evidence(run: Path, password: str | None = None, on_fault: Callable[[str], None] = lambda text: None) -> int:
    """Draw each evidence sentence of the triples that the report shows into `run/crops`; returns how many there are.

    Pictures that are there already stay. A document that cannot be drawn is told to `on_fault` and passed over: it has
    no pages, is not where it was mined from, or is not what it was. Raises StoreError where the folder is no run.
    """
    paths = {row["doc_id"]: row["path"] for row in records(read_table(run, "documents"))}
    sentences = {(row["doc_id"], row["sentence"]): row for row in records(read_table(run, "sentences"))}
    triples = read_table(run, "triples").sort_values("score", ascending=False, kind="stable")[:MOST_ROWS]
    wanted: dict[str, dict[tuple[int, int], str]] = {}
    for triple in records(triples):
        for number in triple["evidence"]:
            sentence = sentences[triple["doc_id"], number]
            wanted.setdefault(triple["doc_id"], {})[sentence["start"], sentence["end"]] = sentence["text"]
    folder = run / CROPS
    n_drawn = 0
    for doc_id, spans in wanted.items():
        try:
            document = read_again(run, doc_id, Path(paths[doc_id]), password)
            if document.glyphs is None:
                raise LitmineError(f"{paths[doc_id]} has no pages.")
        except LitmineError as error:
            on_fault(str(error))
            continue
        folder.mkdir(exist_ok=True)
        for (start, end), text in spans.items():
            target = folder / crop_name(doc_id, start, end)
            spot = Spot(document, start, end, text, tuple(document.places(start, end)))
            if not target.exists() and spot.places:
                draw_spot(spot, password).quantize(COLOURS).save(target, format="PNG", optimize=True)
            n_drawn += target.exists()
    return n_drawn
