"""Would the tests of the scorer notice if it were wrong? Small changes to its code, each run against its tests.

    python -m benchmarks.scorer_mutations [--mutants 60] [--jobs 2] [--seed 6]

Changes are drawn over the scoring modules from all that can be made: a comparison, an operator of arithmetic or logic,
a number, a condition or a returned value turned into another; type hints, decorators and defaults are left alone. A
mutant is caught if a test fails or runs longer than ten times what they take unchanged. Survivors are printed for
people to judge: some change nothing that can be seen.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MODULES = ("counts", "matching", "mentions", "triples")
ASKED = 0.90
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Pow: ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """The `number`-th change that can be made to a module, in words, and the module's source with it made."""

    module: str
    number: int
    line: int
    change: str
    source: str


class _Changer(ast.NodeTransformer):
    """Makes the `wanted`-th change it comes to, and counts how many it could make; type hints are passed over."""

    def __init__(self, wanted: int = -1) -> None:
        self.wanted = wanted
        self.n = 0
        self.line = 0
        self.change = ""

    def _chosen(self, node: ast.AST, change: str) -> bool:
        chosen = self.n == self.wanted
        self.n += 1
        if chosen:
            self.line, self.change = getattr(node, "lineno", 0), change
        return chosen

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [child if isinstance(child, ast.AnnAssign) else self.visit(child) for child in node.body]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(statement) for statement in node.body]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        typing = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        if not typing and self._chosen(node, f"if {ast.unparse(node.test)} -> if not"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        other = _COMPARISONS.get(type(node.ops[0]))
        if other is not None and self._chosen(node, f"{ast.unparse(node)}: {other.__name__}"):
            node.ops = [other(), *node.ops[1:]]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        other = _OPERATORS.get(type(node.op))
        if other is not None and self._chosen(node, f"{ast.unparse(node)}: {other.__name__}"):
            node.op = other()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        if self._chosen(node, f"{ast.unparse(node)}: {other.__name__}"):
            node.op = other()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool):
            if self._chosen(node, f"{node.value} -> {not node.value}"):
                return ast.copy_location(ast.Constant(not node.value), node)
        elif isinstance(node.value, int | float) and self._chosen(node, f"{node.value} -> {node.value + 1}"):
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        nothing = node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)
        if not nothing and self._chosen(node, f"{ast.unparse(node)} -> return None"):
            node.value = ast.Constant(None)
        return node


def iter_mutants(module: str) -> Iterator[Mutant]:
    source = (ROOT / "src" / "litmine" / "scoring" / f"{module}.py").read_text(encoding="utf-8")
    counter = _Changer()
    counter.visit(ast.parse(source))
    for number in range(counter.n):
        changer = _Changer(number)
        tree = ast.fix_missing_locations(changer.visit(ast.parse(source)))
        yield Mutant(module, number, changer.line, changer.change, ast.unparse(tree))


def is_caught(mutant: Mutant, limit: float) -> bool:
    """Run the tests on a copy of the sources that holds the mutant."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "src" / "litmine" / "scoring" / f"{mutant.module}.py").write_text(mutant.source, encoding="utf-8")
        try:
            return run_tests(copy / "src", limit) != 0
        except subprocess.TimeoutExpired:
            return True


def run_tests(sources: Path, limit: float | None = None) -> int:
    """Exit code of the tests of scoring, the package taken from `sources`."""
    tests = sorted(str(file) for file in (ROOT / "tests").glob("test_scoring*.py"))
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    environment = {**os.environ, "PYTHONPATH": str(sources), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=limit).returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutants", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=6)
    options = parser.parse_args()
    began = time.perf_counter()
    if run_tests(ROOT / "src"):
        print("The tests of scoring fail on the unchanged code.")
        return 2
    limit = 10 * (time.perf_counter() - began)
    every = [mutant for module in MODULES for mutant in iter_mutants(module)]
    chosen = random.Random(options.seed).sample(every, min(options.mutants, len(every)))
    with ThreadPoolExecutor(options.jobs) as pool:
        caught = list(pool.map(lambda mutant: is_caught(mutant, limit), chosen))
    for mutant, found in zip(chosen, caught, strict=True):
        if not found:
            print(f"not caught: scoring/{mutant.module}.py line {mutant.line}: {mutant.change}")
    share = sum(caught) / len(caught)
    print(f"{sum(caught)} of {len(caught)} mutants caught ({share:.1%}), of {len(every)} that can be made")
    return int(share < ASKED)


if __name__ == "__main__":
    sys.exit(main())
