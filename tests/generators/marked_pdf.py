"""A table as PDF in which the place of every part can be seen by its colour.

Column titles stand on blue, the wanted row's last cell on green, rows far away on magenta, the country's heading on
cyan. Knows nothing of the program.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

BLUE, GREEN, MAGENTA, CYAN = (0.6, 0.7, 1.0), (0.5, 1.0, 0.5), (1.0, 0.5, 1.0), (0.5, 1.0, 1.0)
TITLES = ("Item", "Quantity", "Licensed Value")


@dataclass(frozen=True)
class Marked:
    """The bytes, the wanted row's page and box (x0, top, x1, bottom), its cells by title."""

    content: bytes
    page: int
    bbox: tuple[float, float, float, float]
    cells: dict[str, str]


def marked_table(
    *,
    width: float = 612,
    height: float = 792,
    size: float = 9,
    rows: int = 30,
    wanted: int = 15,
    header_on_first_page_only: bool = False,
    crop: tuple[float, float] = (0, 0),
) -> Marked:
    """A page of rows; with ``header_on_first_page_only`` the rows stand on page 2 and heading and titles on page 1."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    if crop != (0, 0):
        canvas.setCropBox((crop[0], crop[1], width - crop[0], height - crop[1]))
    edges = [60.0, width * 0.62, width - 140]
    page = 1
    _band(canvas, 50, height - 62, 120, 16, CYAN)
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(60, height - 60, "Mexico")
    _band(canvas, 50, height - 90, width - 100, 14, BLUE)
    canvas.setFont("Helvetica", size)
    for x, title in zip(edges, TITLES, strict=True):
        canvas.drawString(x, height - 87, title)
    if header_on_first_page_only:
        canvas.showPage()
        page = 2
        if crop != (0, 0):
            canvas.setCropBox((crop[0], crop[1], width - crop[0], height - crop[1]))
        canvas.setFont("Helvetica", size)
    step = size * 1.9
    top = height - 110
    for number in range(1, rows + 1):
        y = top - number * step
        if abs(number - wanted) > 4:
            _band(canvas, 50, y - 3, width - 100, size + 4, MAGENTA)
        if number == wanted:
            _band(canvas, edges[2], y - 1, 20, size, GREEN)
        canvas.drawString(edges[0], y, f"Rifles of kind {number}")
        canvas.drawString(edges[1], y, str(number))
        canvas.drawString(edges[2] + 25, y, f"${number},500")
    y = top - wanted * step
    canvas.showPage()
    canvas.save()
    return Marked(
        buffer.getvalue(),
        page,
        (edges[0], height - y - size, width - 75, height - y + 2),
        {
            "Country": "Mexico",
            "Item": f"Rifles of kind {wanted}",
            "Quantity": str(wanted),
            "Licensed Value": f"${wanted},500",
        },
    )


def _band(
    canvas: Canvas, x: float, y: float, width: float, height: float, colour: tuple[float, float, float]
) -> None:
    canvas.saveState()
    canvas.setFillColorRGB(*colour)
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    canvas.restoreState()
