"""How well layouts are read that no article at hand has: sets the sample digest in each and prints one table.

    python -m benchmarks.typeset [--out FOLDER] [LAYOUT ...]

Needs `typst` (pip install 'litmine[typeset]'), which brings its fonts and no other program. The truth is the digest's
Markdown as litmine reads it; the columns are those of `benchmarks.reading`.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.reading import body_of, compare, tokens_of
from litmine.reading import read_document
from litmine.records import Block, Document, Kind

SAMPLE = Path(__file__).parents[1] / "corpora" / "sample" / "digest.md"
BASE = """
#set page(paper: "a4", margin: 2cm)
#set text(lang: "en", size: 10pt, hyphenate: true)
#set par(justify: true, first-line-indent: 1.2em, spacing: .65em)
#show heading: set block(above: 1.2em, below: .7em)
"""
LAYOUTS = {
    "one column": '#set page(numbering: "1 of 1")',
    "two columns": "#set page(columns: 2, header: [_The litmine project_ #h(1fr) #context counter(page).display()])",
    "three columns": "#set page(columns: 3, margin: 1.5cm)\n#set text(size: 8.5pt)",
    "rivers": "#set page(columns: 3, margin: 1.5cm)\n#set text(hyphenate: false)\n#set columns(gutter: 5mm)",
    "double-spaced, numbered lines": '#set text(size: 12pt)\n#set par(leading: 1.4em)\n#set par.line(numbering: "1")',
    "two columns, numbered lines": "#set page(columns: 2)\n#set columns(gutter: 1cm)\n"
    '#set par.line(numbering: "1", numbering-scope: "page")',
    "every fifth line numbered": "#set par.line(numbering: n => if calc.rem(n, 5) == 0 { n })",
    "watermark": "#set page(foreground: text(40pt, fill: luma(85%))[ACCEPTED MANUSCRIPT])",
    "letterspaced headings": "#show heading.where(level: 1): set text(tracking: 2.5pt)\n"
    '#show heading.where(level: 2): set text(style: "italic", weight: "regular")',
    "small page, small capitals": '#set page(paper: "iso-b5", margin: 1.6cm)\n#show heading: smallcaps',
    "box across columns": "#set page(columns: 2)",
    "notes at the foot": "#set page(columns: 2)",
}
_BOX = """#place(bottom, float: true, scope: "parent")[#block(stroke: .5pt, inset: 6pt, width: 100%)[*Box 1. Reading on*

A panel like this gathers what stands apart from the running text, and a reader takes it at one go.]]
"""
_NOTE = "#footnote[A remark at the foot of a column belongs to no sentence of the text above it.]"


def markup(text: str) -> str:
    """Typst markup that prints the text and nothing else."""
    return re.sub(r"([\\#$*_`<>@\[\]~=/\"'+\-.])", r"\\\1", text)


def iter_markup(document: Document, layout: str) -> Iterator[str]:
    """The document block by block, with what the layout adds."""
    across = "columns: 2" in LAYOUTS[layout] or "columns: 3" in LAYOUTS[layout]
    front: list[str] = []
    n_paragraphs = 0
    for block in document.blocks:
        text = markup(document.text[block.start : block.end])
        if block.kind is Kind.TITLE:
            front.append(f'#text(17pt, weight: "bold")[{text}]')
        elif front and block.kind is not Kind.HEADING:
            front.append(text)
        elif block.kind is Kind.HEADING:
            if front:
                yield _front(front, across)
                front = []
            yield "=" * document.sections[block.section].level + " " + text
            if text == "References":
                yield "#set text(size: .85em)\n#set par(first-line-indent: 0pt, hanging-indent: 1.8em)"
        elif block.kind is Kind.CAPTION:
            yield f"#place(top, float: true)[#rect(width: 100%, height: 3cm)#text(.85em)[{text}]]"
        else:
            n_paragraphs += block.kind is Kind.PARAGRAPH
            yield text + (_NOTE if layout == "notes at the foot" and n_paragraphs in {2, 9} else "")
            if layout == "box across columns" and n_paragraphs == 4:
                yield _BOX


def _front(parts: list[str], across: bool) -> str:
    body = "#set par(first-line-indent: 0pt)\n" + "\n\n".join(parts)
    return f'#place(top, float: true, scope: "parent", clearance: 2em)[{body}]' if across else f"#[{body}]"


def without_floats(document: Document) -> Document:
    """The document without captions and the box, which stand where there is room: they are no part of the order."""
    kept = [block for block in document.blocks if block.kind is not Kind.CAPTION and not _is_boxed(document, block)]
    return replace(document, blocks=tuple(kept))


def _is_boxed(document: Document, block: Block) -> bool:
    return document.text[block.start : block.end] in _BOX.replace("\n", " ")


def score(truth: Document, read: Document) -> list[str]:
    """The cells of a layout's row."""
    accuracy = compare(body_of(without_floats(truth)), without_floats(read))
    listed = [tokens_of(reference.text) for reference in truth.references]
    entries = [tokens_of(reference.text) for reference in read.references]
    return [
        f"{accuracy.in_order:.3%}",
        f"{accuracy.token_f:.4f}",
        str(accuracy.order_errors),
        f"{accuracy.broken}/{accuracy.n_tokens}",
        "{}/{}".format(*accuracy.headings),
        f"{sum(a == b for a, b in zip(listed, entries, strict=False))}/{len(listed)}",
        "{}/{}".format(*accuracy.callouts),
        str(sum(row.n_chars for row in read.dropped)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layouts", nargs="*", metavar="LAYOUT", help=", ".join(LAYOUTS))
    parser.add_argument("--out", type=Path, help="folder to keep the PDFs in")
    options = parser.parse_args()
    try:
        import typst
    except ImportError:
        sys.exit("This benchmark sets PDFs with Typst: pip install 'litmine[typeset]'")
    truth = read_document(SAMPLE)
    heads = ("in order", "token F", "order err", "broken", "headings", "refs", "callouts", "dropped")
    print(f"{'layout':<32}" + "".join(f"{name:>11}" for name in heads))
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        for layout in options.layouts or LAYOUTS:
            source = out / f"{layout}.typ"
            source.write_text("\n\n".join([BASE + LAYOUTS[layout], *iter_markup(truth, layout)]), encoding="utf-8")
            typst.compile(source, output=source.with_suffix(".pdf"))
            cells = score(truth, read_document(source.with_suffix(".pdf")))
            print(f"{layout:<32}" + "".join(f"{cell:>11}" for cell in cells))


if __name__ == "__main__":
    main()
