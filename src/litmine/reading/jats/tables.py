"""Tables of JATS (the XHTML model, and OASIS rows and entries) as text with cells.

Owns rows, columns and spans of cells; captions and notes are for others.
"""

from collections.abc import Iterator

from litmine.reading.jats.markup import Element, MixedContent, Run
from litmine.records import Cell

_GROUPS = frozenset({"thead", "tbody", "tfoot", "tgroup"})
_ROWS = frozenset({"tr", "row"})
_CELLS = frozenset({"td", "th", "entry"})
WIDEST_SPAN = 1000
"""A cell over more columns or rows is taken for one over so many, as browsers do."""


def read_table(table: Element, content: MixedContent) -> tuple[Run, list[Cell]]:
    """The table's text, rows on lines and cells parted by tabs, and its cells with offsets into that text.

    Cells without text are left out of both. What stands in the table outside its rows comes last, on a line of its own.
    """
    run = Run()
    cells: list[Cell] = []
    number = 0
    for group in _groups(table):
        covered: dict[int, int] = {}
        rows = [row for row in group if row.tag in _ROWS]
        for left, row in zip(range(len(rows), 0, -1), rows, strict=True):
            opened = False
            column = 0
            for element in row:
                if element.tag not in _CELLS:
                    content.drop(element, "outside the cells of a table")
                    continue
                while covered.get(column, 0) > 0:
                    column += 1
                own = content.gather(element)
                if own.text:
                    if opened:
                        run.break_off("\t")
                    elif len(run):
                        run.break_off("\n")
                    opened = True
                    start = len(run)
                    run.append(own)
                    cells.append(Cell(number, column, start, len(run)))
                height = min(left, _span(element, "rowspan", 1) + _span(element, "morerows", 0))
                width = _span(element, "colspan", 1)
                covered.update(dict.fromkeys(range(column, column + width), height))
                column += width
            covered = {at: rows_left - 1 for at, rows_left in covered.items() if rows_left > 1}
            number += 1
    for part in _parts(table):
        content.drop_between(part)
    rest = Run()
    for element in _others(table):
        content.read_child(rest, element)
        rest.part()
    if rest.text:
        if len(run):
            run.break_off("\n")
        run.append(rest)
    return run, cells


def _groups(table: Element) -> Iterator[Element]:
    """What holds rows: the table itself, or its parts from head to foot."""
    if any(child.tag in _ROWS for child in table):
        yield table
    for child in table:
        if child.tag in _GROUPS:
            yield from _groups(child)


def _parts(table: Element) -> Iterator[Element]:
    """The table, its groups and its rows."""
    yield table
    for child in table:
        if child.tag in _GROUPS:
            yield from _parts(child)
        elif child.tag in _ROWS:
            yield child


def _others(table: Element) -> Iterator[Element]:
    for child in table:
        if child.tag in _GROUPS:
            yield from _others(child)
        elif child.tag not in _ROWS:
            yield child


def _span(cell: Element, attribute: str, usual: int) -> int:
    value = cell.get(attribute) or ""
    return min(max(int(value), usual), WIDEST_SPAN) if value.isdecimal() and len(value) < 12 else usual
