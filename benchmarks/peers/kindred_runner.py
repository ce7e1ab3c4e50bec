"""Trains kindred on splits of texts and writes down what it says of the parts left out.

    python kindred_runner.py TASK.json ANSWER.json

Run by the Python that has kindred (see requirements-kindred.txt), apart from litmine, of which nothing is imported.
Kindred's defaults throughout: all its features with tf-idf; "svm" is its default classifier, "logistic" its only one
with probabilities, here asked for every candidate (threshold 0). Owns the use of kindred; scores nothing.
"""

import json
import sys
from pathlib import Path
from typing import Any

import kindred


def read_corpus(task: dict[str, Any]) -> Any:
    """One parsed kindred document per text; entities keep their ids, relations list arguments by role."""
    corpus = kindred.Corpus()
    for row in task["texts"]:
        entities = {
            id_: kindred.Entity(type_, row["text"][start:end], [(start, end)], sourceEntityID=id_)
            for id_, type_, start, end in row["entities"]
        }
        relations = [
            kindred.Relation(task["relation"], [entities[id_] for id_ in ids], argNames=task["roles"])
            for ids in row["relations"]
        ]
        corpus.addDocument(kindred.Document(row["text"], list(entities.values()), relations))
    kindred.Parser(model=task["model"]).parse(corpus)
    return corpus


def part(corpus: Any, indices: list[int]) -> Any:
    """The documents of these indices as a corpus; they are shared, not copied."""
    chosen = kindred.Corpus()
    for i in indices:
        chosen.addDocument(corpus.documents[i])
    chosen.parsed = True
    return chosen


CLASSIFIERS: dict[str, dict[str, Any]] = {
    "svm": {"classifierType": "SVM"},
    "logistic": {"classifierType": "LogisticRegression", "threshold": 0.0},
}


def answer(task: dict[str, Any], corpus: Any, split: dict[str, list[int]]) -> dict[str, list[Any]]:
    """[text, ids, score] of every tuple that each classifier gives, for a split."""
    found = {}
    for name in task["classifiers"]:
        classifier = kindred.RelationClassifier(
            entityCount=len(task["roles"]),
            acceptedEntityTypes=[tuple(task["roles"])],
            model=task["model"],
            **CLASSIFIERS[name],
        )
        classifier.train(part(corpus, split["train"]))
        test = part(corpus, split["test"])
        gold = [document.relations for document in test.documents]
        for document in test.documents:
            document.relations = []
        classifier.predict(test)
        found[name] = [
            [
                i,
                [entity.sourceEntityID for entity in relation.entities],
                1.0 if relation.probability is None else float(relation.probability),
            ]
            for i, document in zip(split["test"], test.documents, strict=True)
            for relation in document.relations
        ]
        for document, relations in zip(test.documents, gold, strict=True):
            document.relations = relations
    return found


def main(task_file: str, answer_file: str) -> None:
    task = json.loads(Path(task_file).read_text(encoding="utf-8"))
    corpus = read_corpus(task)
    answers = [answer(task, corpus, split) for split in task["splits"]]
    Path(answer_file).write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
