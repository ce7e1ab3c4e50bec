"""How a page is made from its template and put in place. Owns the template environment."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def write_page(template: str, target: Path, **values: Any) -> Path:
    """Replace `target` whole with the page; one file that loads nothing."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("litmine.report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    page = environment.get_template(template).render(**values)
    building = target.with_name(f".{target.name}.part")
    building.write_text(page, encoding="utf-8")
    building.replace(target)
    return target


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows as dictionaries, missing values as None."""
    rows: list[dict[str, Any]] = table.astype(object).where(table.notna(), None).to_dict("records")  # type: ignore[assignment]
    return rows
