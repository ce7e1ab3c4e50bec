import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from litmine import crops
from litmine.cli import main
from litmine.errors import StoreError
from litmine.report import plots
from litmine.report.evaluation import write_evaluation
from litmine.report.mining import cut_at_mentions, spell_pages, write_report
from litmine.runs import Summary
from litmine.scoring.counts import NO_INTERVALS
from litmine.scoring.runs import score_run
from litmine.store import read_table

ROOT = Path(__file__).parent.parent


@given(st.text(min_size=1, max_size=40), st.data())
def test_pieces_joined_give_the_sentence_again(text: str, data: st.DataObject) -> None:
    offsets = st.integers(0, len(text))
    spans = data.draw(st.lists(st.tuples(offsets, offsets, st.sampled_from(["Drug", "Gene", "Mechanism"]))))
    ordered = [(min(a, b), max(a, b), kind) for a, b, kind in spans]
    pieces = cut_at_mentions(text, ordered)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([], (("PI3K signaling", ""),)),
        ([(0, 4, "Gene")], (("PI3K", "Gene"), (" signaling", ""))),
        ([(0, 4, "Gene"), (0, 14, "Mechanism")], (("PI3K", "Gene"), (" signaling", "Mechanism"))),
    ],
    ids=["none", "one", "gene inside mechanism"],
)
def test_pieces_are_cut_at_mentions(spans: list[tuple[int, int, str]], pieces: tuple[tuple[str, str], ...]) -> None:
    assert cut_at_mentions("PI3K signaling", spans) == pieces


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.triples = 0
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.triples += tag == "details" and ("class", "triple") in attrs
        links = [value or "" for name, value in attrs if name in {"src", "href"}]
        self.outside += [link for link in links if not link.startswith("#") and link != "evaluation.html"]


def test_the_report_shows_every_triple_and_loads_nothing(sample_run: Summary) -> None:
    page = _Page()
    page.feed(write_report(sample_run.run).read_text(encoding="utf-8"))
    assert page.triples == len(read_table(sample_run.run, "triples")) > 0
    assert page.outside == []


def test_the_report_accounts_for_what_was_left_out(sample_run: Summary) -> None:
    page = write_report(sample_run.run).read_text(encoding="utf-8")
    section = page[page.index('id="reading"') :]
    reading = read_table(sample_run.run, "reading")
    assert f'<td class="n">{reading["n_chars"].sum()}</td>' in section
    left_out = reading[reading["n_chars_dropped"] > 0].groupby("reason")["n_chars_dropped"].sum()
    assert len(left_out) > 1
    for reason, count in left_out.items():
        assert f"<div>{reason} {count}</div>" in section


@pytest.mark.parametrize(
    ("pages", "spelled"),
    [
        ([3], "page 3"),
        ([3, 7], "pages 3, 7"),
        ([4, 3], "pages 3–4"),
        ([1, 2, 3, 5, 8, 9], "pages 1–3, 5, 8–9"),
    ],
)
def test_pages_are_spelled_as_people_write_them(pages: list[int], spelled: str) -> None:
    assert spell_pages(pages) == spelled


def test_the_evaluation_shows_every_loss_and_loads_nothing(sample_run: Summary, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(sample_run.run, run, ignore=shutil.ignore_patterns(".store", "scores.json"))
    with pytest.raises(StoreError, match="is not scored"):
        write_evaluation(run)
    scores = score_run(run, ROOT / "annotations" / "sample", NO_INTERVALS)
    page = write_evaluation(run).read_text(encoding="utf-8")
    parsed = _Page()
    parsed.feed(page)
    assert parsed.outside == []
    assert scores.losses is not None
    assert page.count("<tr data-kind=") == len(scores.losses) > 0
    for name, score in scores.triples.items():
        assert f"{name} {score.f:.3f}" in page  # in words, for those who do not see the plot


def test_the_losses_in_the_plot_add_up() -> None:
    plot = plots.waterfall(("gold", 10), [("read", 2), ("role", 3)], "given")
    assert "gold 10; read lost 2; role lost 3; given 5" in plot
    assert plots.bars([], "nothing").startswith("<svg")
    assert "&lt;b&gt;" in plots.bars([("<b>", 1)], "escaped")


def test_evidence_is_shown_on_its_page(
    sample_run: Summary, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    shutil.copytree(sample_run.run, run, ignore=shutil.ignore_patterns(".store", "scores.json"))
    best = read_table(run, "triples").sort_values("score", ascending=False, kind="stable")[:3]
    monkeypatch.setattr(crops, "MOST_ROWS", len(best))
    assert main(["report", str(run), "--crops"]) == 0
    pictures = sorted((run / "crops").glob("*.png"))
    assert len(pictures) == len({number for row in best["evidence"] for number in row})
    page = (run / "report.html").read_text(encoding="utf-8")
    assert all(f'src="crops/{picture.name}"' in page for picture in pictures)
    with Image.open(pictures[0]) as picture:
        colours = picture.convert("RGB").getcolors(1 << 24)
        assert colours is not None and any(r > 200 and g > 180 and b < 140 for _, (r, g, b) in colours)  # the pen
    documents = read_table(run, "documents")
    documents.assign(path="gone.pdf").to_parquet(run / "documents.parquet", index=False)
    assert main(["report", str(run), "--crops"]) == 0
    assert "not any more" in capsys.readouterr().err
