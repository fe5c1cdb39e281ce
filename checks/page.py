"""The results of all checks as one HTML page that needs no network."""

from __future__ import annotations

from pathlib import Path

from checks.gate import Verdict

_TEMPLATE = Path(__file__).parent / "page.html"


def write_page(verdict: Verdict, run_id: str, build_id: str) -> str:
    """The page as text: failures first, then all checks by category. Everything shown is escaped."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    categories: dict[str, list[object]] = {}
    for result in verdict.results:
        categories.setdefault(result.category, []).append(result)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(
        verdict=verdict,
        categories=categories,
        passed=sum(result.is_passed for result in verdict.results),
        run_id=run_id,
        build_id=build_id,
    )
