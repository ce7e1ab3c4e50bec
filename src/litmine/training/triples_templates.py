"""Plain sentences written for litmine that say one thing each of a drug and a gene, with the labels they ask for.

They teach the attributes what the few annotated documents show too seldom: each side of resistance and sensitivity, the
turning-round rule, denial and doubt. Owns reading them into an annotated document; they hold no article text.
"""

import csv
from importlib.resources import files

from litmine.records import (
    UNSPECIFIED,
    Block,
    Certainty,
    Document,
    Kind,
    Level,
    Mention,
    MentionType,
    Polarity,
    Role,
    State,
    Triple,
)
from litmine.training.annotated import AnnotatedDocument

DRUG, GENE = "olaparib", "HOXA9"
"""Stand-ins that no table of knowledge links; the features mask names."""


def read_templates() -> AnnotatedDocument:
    """One document, each sentence a paragraph of its own with one triple."""
    text = ""
    spans: list[tuple[int, int]] = []
    mentions: list[Mention] = []
    triples: list[Triple] = []
    with files("litmine.training").joinpath("triples_templates.tsv").open(encoding="utf-8") as table:
        for number, row in enumerate(csv.DictReader(table, delimiter="\t")):
            sentence = row["sentence"].format(drug=DRUG, gene=GENE)
            start = len(text) + 2 if text else 0
            text = f"{text}\n\n{sentence}" if text else sentence
            spans.append((start, len(text)))
            for name, kind, concept in ((DRUG, MentionType.DRUG, DRUG), (GENE, MentionType.GENE, GENE)):
                at = text.index(name, start)
                mentions.append(Mention(number, at, at + len(name), name, kind, concept))
            triples.append(
                Triple(
                    DRUG,
                    GENE,
                    UNSPECIFIED,
                    Role(row["role"]),
                    State(row["state"]),
                    Polarity(row["polarity"]),
                    Certainty(row["certainty"]),
                    Level.REVIEW,
                    1.0,
                    (number,),
                    (),
                    "",
                )
            )
    return AnnotatedDocument(
        name="templates",
        document=Document(
            doc_id="templates",
            path="triples_templates.tsv",
            sha256="",
            media_type="text/plain",
            text=text,
            blocks=tuple(Block(start, end, Kind.PARAGRAPH, 0) for start, end in spans),
        ),
        sentences=tuple(spans),
        sentence_ids=tuple(str(i) for i in range(len(spans))),
        mentions=tuple(mentions),
        triples=tuple(triples),
    )
