"""The mechanism lexicon: classes, patterns, and the genes that decide a pathway's class.

Owns the pattern language and its compiled form. It matches words only; what a gene, a drug or a drug's target is in a
given text is the recogniser's business, which hands it in through `slots`.

A row of a lexicon file is a class and a pattern; lines that begin with "#" are remarks. In a pattern,

* words match in any inflection and spelling; a word with two capitals must be written as it stands ("ADCC");
* `(x y|z)` is a choice; `?` after a word or bracket makes it optional; both may be nested;
* `@name` is one of the words of the row whose class is `@name`, in the same file above;
* `<gene>`, `<target>` (a gene that the document's drugs act on), `<drug>`, `<mirna>`, `<variant>` (an amino-acid
  exchange) and `<mutation>` (one known to keep a drug from its target) stand for what the text holds of that kind.

The class `gene/x` means the class of the genes found in the pattern, or x where they have none. The class `-` marks
phrases that hold words of a mechanism and name none ("tumor necrosis factor"); they keep shorter readings out.

Where two rows cover the same words, the earlier file and in it the earlier row decides.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from litmine.errors import LitmineError
from litmine.lexicon.mechanism_words import pattern_key, split_words

SLOTS = frozenset({"<gene>", "<target>", "<drug>", "<mirna>", "<mutation>", "<variant>"})
BY_GENE = "gene/"
NOT_A_MECHANISM = "-"

TUNED_FILE = "mechanisms.tsv"
"""Written with the annotated documents in view; the other files were written blind."""
_FILES = (TUNED_FILE, "data/mechanisms_target_signaling.tsv", "data/mechanisms_cells.tsv")

_LEXEME = re.compile(r"[()|?]|[<@]?[^\s()|?]+")


class LexiconError(LitmineError):
    """A lexicon file breaks its format. The message names the file, the row and the fault."""


@dataclass(frozen=True, slots=True)
class MechanismClass:
    """A row of the class table; `curie` is its Gene Ontology term ("go:0046983") where it has one."""

    id: str
    group: str
    label: str
    definition: str
    curie: str | None


class Row(NamedTuple):
    """A line of a lexicon file, counted from 1."""

    file: str
    line: int


@dataclass(slots=True)
class Node:
    """A state of the matcher: where each word leads, and (rank, class) of the patterns that end here, lowest first.

    `own` are the followers that are reached from here alone, so that patterns with a common beginning share them.
    """

    edges: dict[str, list["Node"]] = field(default_factory=lambda: defaultdict(list))
    own: dict[str, "Node"] = field(default_factory=dict)
    ends: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Targets:
    """Which genes drugs act on, by drug name in lower case; the word keys of their names; resistance mutations."""

    of_drug: dict[str, tuple[str, ...]]
    names: dict[str, tuple[tuple[str, ...], ...]]
    variants: frozenset[str]


@dataclass(frozen=True, slots=True)
class MechanismLexicon:
    """Compiled patterns, ranked as in `rows`. `sets` gives, for a word, the sets that hold it, as "file@name"."""

    root: Node
    rows: tuple[Row, ...]
    sets: dict[str, tuple[str, ...]]
    gene_classes: dict[tuple[str, ...], str]
    targets: Targets
    classes: dict[str, MechanismClass]

    def matches(
        self,
        keys: Sequence[frozenset[str]],
        start: int,
        slots: Callable[[str, int], Iterable[int]],
        asides: Mapping[int, int],
    ) -> Iterator[tuple[int, int, str]]:
        """Every (end, rank, class) such that the pattern of that rank covers the words from `start` to `end`.

        `keys[i]` are the keys of word i, names of sets included; `slots(kind, i)` gives the ends of what stands at
        word i. `asides` maps the word where a bracket begins to the one after it, for brackets that a pattern may
        step over.
        """
        active: list[tuple[Node, int]] = [(self.root, start)]
        seen: set[tuple[int, int]] = set()
        while active:
            node, at = active.pop()
            if at in asides and at > start:
                active.append((node, asides[at]))
            reached: list[tuple[Node, int]] = []
            edges = node.edges
            if at < len(keys):
                for key in keys[at]:
                    if key in edges:
                        reached.extend((following, at + 1) for following in edges[key])
                for kind in SLOTS & edges.keys():
                    for end in slots(kind, at):
                        reached.extend((following, end) for following in edges[kind])
            for following, end in reached:
                if (id(following), end) in seen:
                    continue
                seen.add((id(following), end))
                if following.ends:
                    yield end, *following.ends[0]
                active.append((following, end))


def read_classes() -> dict[str, MechanismClass]:
    """The class table shipped with the package, by id, in its own order."""
    return {
        row["id"]: MechanismClass(row["id"], row["group"], row["label"], row["definition"], _curie(row["xref"]))
        for row in _rows(_package_file("mechanism_classes.tsv"))
    }


@cache
def load_mechanisms(without: frozenset[Row] = frozenset()) -> MechanismLexicon:
    """The lexicon shipped with the package, less the patterns in the rows `without`; compiled once per process."""
    shipped = [_package_file(name) for name in _FILES]
    return read_mechanisms(*(path for path in shipped if path.is_file()), without=without)


def read_mechanisms(*paths: Traversable, without: frozenset[Row] = frozenset()) -> MechanismLexicon:
    """Compile lexicon files; class table, gene classes and targets are the package's.

    Raises LexiconError where a row names an unknown class or set, or a pattern cannot be read.
    """
    classes = read_classes()
    members: dict[str, list[str]] = defaultdict(list)
    patterns: list[tuple[Row, str, _Pattern]] = []
    for path in paths:
        named: dict[str, frozenset[str]] = {}
        for line, row in _numbered_rows(path):
            name, pattern = row["class"], row["pattern"]
            if name.startswith("@"):
                named[name] = frozenset(pattern_key(word) for word in pattern.split())
                for word in named[name]:
                    members[word].append(path.name + name)
            elif Row(path.name, line) not in without:
                where = f"{path.name}, row {line}"
                if name.removeprefix(BY_GENE) not in classes and name.removeprefix(BY_GENE) != NOT_A_MECHANISM:
                    raise LexiconError(f"{where}: there is no mechanism class {name}.")
                patterns.append((Row(path.name, line), name, _Pattern(pattern, where, path.name, named)))
    root = Node()
    for rank, (_, name, reader) in enumerate(patterns):
        for end in reader.compile(root):
            end.ends.append((rank, name))
    return MechanismLexicon(
        root=root,
        rows=tuple(row for row, _, _ in patterns),
        sets={word: tuple(names) for word, names in members.items()},
        gene_classes=_read_gene_classes(),
        targets=_read_targets(),
        classes=classes,
    )


class _Pattern:
    """A recursive-descent reader of one pattern that adds it to the matcher as it goes."""

    def __init__(self, pattern: str, where: str, file: str, sets: dict[str, frozenset[str]]) -> None:
        self._lexemes = _LEXEME.findall(pattern)
        self._at = 0
        self._where = f"{where} ({pattern!r})"
        self._file = file
        self._sets = sets

    def compile(self, root: Node) -> list[Node]:
        ends = self._sequence([root])
        if self._at < len(self._lexemes):
            raise LexiconError(f"{self._where}: unexpected {self._lexemes[self._at]!r}.")
        if any(end is root for end in ends):
            raise LexiconError(f"{self._where}: the pattern matches nothing at all.")
        return ends

    def _peek(self) -> str:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else ""

    def _sequence(self, frontier: list[Node]) -> list[Node]:
        while self._peek() not in {"", ")", "|"}:
            frontier = self._item(frontier)
        return frontier

    def _item(self, frontier: list[Node]) -> list[Node]:
        after = self._choice(frontier)
        while self._peek() == "?":
            self._at += 1
            known = {id(node) for node in after}
            after = after + [node for node in frontier if id(node) not in known]
        return after

    def _choice(self, frontier: list[Node]) -> list[Node]:
        if self._peek() != "(":
            return self._word(frontier)
        after: list[Node] = []
        while self._peek() in {"(", "|"}:
            self._at += 1
            after += self._sequence(frontier)
        if self._peek() != ")":
            raise LexiconError(f"{self._where}: a bracket is not closed.")
        self._at += 1
        return after

    def _word(self, frontier: list[Node]) -> list[Node]:
        lexeme = self._lexemes[self._at]
        self._at += 1
        if lexeme.startswith("@"):
            if lexeme not in self._sets:
                raise LexiconError(f"{self._where}: the set {lexeme} is not defined above.")
            return _step(frontier, self._file + lexeme)
        for key in _lexeme_keys(lexeme):
            if key.startswith("<") and key not in SLOTS:
                raise LexiconError(f"{self._where}: there is no slot {key}.")
            frontier = _step(frontier, key)
        return frontier


@cache
def _lexeme_keys(lexeme: str) -> tuple[str, ...]:
    """Keys of a lexeme such as "<gene>-mediated" or "G2/M"; one in angle brackets is its own key."""
    keys: list[str] = []
    for part in re.split(r"(<\w+>)", lexeme):
        if part.startswith("<"):
            keys.append(part)
        else:
            keys.extend(pattern_key(word.form) for word in split_words(part))
    return tuple(keys)


def _step(frontier: list[Node], key: str) -> list[Node]:
    if len(frontier) == 1 and key in frontier[0].own:
        return [frontier[0].own[key]]
    following = Node()
    if len(frontier) == 1:
        frontier[0].own[key] = following
    for node in frontier:
        node.edges[key].append(following)
    return [following]


def _read_gene_classes() -> dict[tuple[str, ...], str]:
    classes: dict[tuple[str, ...], str] = {}
    for row in _rows(_package_file("mechanism_genes.tsv")):
        for name in row["genes"].split("|"):
            classes.setdefault(name_key(name), row["class"])
    return classes


def _read_targets() -> Targets:
    of_drug: dict[str, tuple[str, ...]] = defaultdict(tuple)
    names: dict[str, tuple[tuple[str, ...], ...]] = {}
    variants: set[str] = set()
    for row in _rows(_package_file("mechanism_targets.tsv")):
        names[row["gene"]] = tuple(name_key(name) for name in row["names"].split("|"))
        variants.update(filter(None, row["variants"].split("|")))
        for drug in row["drugs"].split("|"):
            of_drug[drug.lower()] += (row["gene"],)
    return Targets(dict(of_drug), names, frozenset(variants))


def name_key(name: str) -> tuple[str, ...]:
    """The words of a gene's name as the gene tables are keyed."""
    return tuple(pattern_key(word.form) for word in split_words(name))


def _curie(xref: str) -> str | None:
    if not xref:
        return None
    prefix, _, local = xref.partition(":")
    return f"{prefix.lower()}:{local}"


def _package_file(name: str) -> Traversable:
    return files("litmine.lexicon").joinpath(name)


def _rows(path: Traversable) -> list[dict[str, str]]:
    return [row for _, row in _numbered_rows(path)]


def _numbered_rows(path: Traversable) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with a head line, each with the number of its line; remarks and empty lines are skipped."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    rows = [(number, line.split("\t")) for number, line in lines if line.strip() and not line.startswith("#")]
    heads = rows[0][1] if rows else []
    for number, fields in rows[1:]:
        if len(fields) != len(heads):
            raise LexiconError(f"{path.name}, row {number}: {len(fields)} columns where the head has {len(heads)}.")
    return [(number, dict(zip(heads, fields, strict=True))) for number, fields in rows[1:]]
