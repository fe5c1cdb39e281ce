"""pdfium's C functions, bound for bulk use.

pypdfium2's own bindings check and convert each argument in Python and let the interpreter lock go at each
call; for 5,000 calls a page that costs more than pdfium's work. Here the same addresses are bound with plain
integers and without giving up the lock, so that `map` can run them in a loop in C. What is asked
once a glyph is bound without argument types: ctypes then passes a ready-made pointer as it is, which halves
the cost of a call. pdfium is not thread safe: LOCK is held around every page.
"""

from __future__ import annotations

import ctypes
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt

# the package's own raw module, not pypdfium2_raw: importing the package initialises pdfium
import pypdfium2.raw as raw

LOCK = threading.RLock()

_PTR = ctypes.c_void_p
_INT = ctypes.c_int

ERROR_PASSWORD = int(raw.FPDF_ERR_PASSWORD)
OBJECT_TEXT, OBJECT_PATH, OBJECT_FORM = (
    int(raw.FPDF_PAGEOBJ_TEXT),
    int(raw.FPDF_PAGEOBJ_PATH),
    int(raw.FPDF_PAGEOBJ_FORM),
)
SEGMENT_LINE, SEGMENT_MOVE = int(raw.FPDF_SEGMENT_LINETO), int(raw.FPDF_SEGMENT_MOVETO)


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), _PTR).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


def _bind_bare(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """Types of none or only the first arguments: the others are integers that go as C int, and pointers as
    ``ctypes.byref``, `pointer` or a slot gives them.
    """
    address = ctypes.cast(getattr(raw, name), _PTR).value
    return ctypes.PYFUNCTYPE(result, *arguments)(address)  # type: ignore[arg-type]


def pointer(address: int) -> Any:
    """An address as an argument of the functions bound without argument types."""
    return ctypes.byref(ctypes.c_char.from_address(address))


class _Slots:
    """A buffer of rows, used again for every page, with the addresses of its places ready to be passed.

    A page with more rows goes through it in turns. Filled only under LOCK.
    """

    def __init__(self, kind: Any, width: int, rows: int, places: int) -> None:
        """`places`: how many addresses of a row a function takes; one stands for the whole row."""
        buffer = (kind * (width * rows))()
        step = ctypes.sizeof(kind)
        self._values = np.frombuffer(buffer, dtype=kind).reshape(rows, width)
        self._places = [
            [ctypes.byref(buffer, (row * width + at) * step) for row in range(rows)] for at in range(places)
        ]

    def ask(self, function: Callable[..., Any], page: Any, numbers: Sequence[int]) -> npt.NDArray[Any]:
        """What `function(page, number, *places of a row)` wrote for each number; zeros where nothing.

        Without a page the numbers are themselves what is asked about.
        """
        rows = len(self._values)
        parts = [self._values[:0]]
        for start in range(0, len(numbers), rows):
            part = numbers[start : start + rows]
            self._values[: len(part)] = 0
            asked = (part,) if page is None else (repeat(page), part)
            deque(map(function, *asked, *self._places), maxlen=0)
            parts.append(self._values[: len(part)].copy())
        return np.concatenate(parts)


load_document = _bind("FPDF_LoadMemDocument64", _PTR, _PTR, ctypes.c_size_t, ctypes.c_char_p)
close_document = _bind("FPDF_CloseDocument", None, _PTR)
last_error = _bind("FPDF_GetLastError", ctypes.c_ulong)
page_count = _bind("FPDF_GetPageCount", _INT, _PTR)
load_page = _bind("FPDF_LoadPage", _PTR, _PTR, _INT)
close_page = _bind("FPDF_ClosePage", None, _PTR)
page_media_box = _bind("FPDFPage_GetMediaBox", _INT, _PTR, _PTR, _PTR, _PTR, _PTR)
page_bounding_box = _bind("FPDF_GetPageBoundingBox", _INT, _PTR, _PTR)
page_rotation = _bind("FPDFPage_GetRotation", _INT, _PTR)

load_text = _bind("FPDFText_LoadPage", _PTR, _PTR)
close_text = _bind("FPDFText_ClosePage", None, _PTR)
count_chars = _bind("FPDFText_CountChars", _INT, _PTR)
text_utf16 = _bind("FPDFText_GetText", _INT, _PTR, _INT, _INT, _PTR)
char_unicode = _bind("FPDFText_GetUnicode", ctypes.c_uint, _PTR, _INT)
char_object = _bind("FPDFText_GetTextObject", _PTR, _PTR, _INT)
char_is_hyphen = _bind("FPDFText_IsHyphen", _INT, _PTR, _INT)
object_font = _bind("FPDFTextObj_GetFont", _PTR, _PTR)
object_font_size = _bind("FPDFTextObj_GetFontSize", _INT, _PTR, _PTR)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _PTR, _PTR, ctypes.c_size_t)
font_flags = _bind("FPDFFont_GetFlags", _INT, _PTR)
font_glyph_width = _bind("FPDFFont_GetGlyphWidth", _INT, _PTR, ctypes.c_uint32, ctypes.c_float, _PTR)
font_ascent = _bind("FPDFFont_GetAscent", _INT, _PTR, ctypes.c_float, _PTR)
font_descent = _bind("FPDFFont_GetDescent", _INT, _PTR, ctypes.c_float, _PTR)

# asked once a glyph or a run of glyphs: (pointer(page), number, *places)
char_loose_box = _bind_bare("FPDFText_GetLooseCharBox", None)
char_box = _bind_bare("FPDFText_GetCharBox", None)
char_origin = _bind_bare("FPDFText_GetCharOrigin", None)
char_matrix = _bind_bare("FPDFText_GetMatrix", None)
char_font_size = _bind_bare("FPDFText_GetFontSize", ctypes.c_double)
char_map_error = _bind_bare("FPDFText_HasUnicodeMapError", _INT)
text_objects = _bind_bare("FPDFText_GetTextObject", _PTR)
page_objects = _bind_bare("FPDFPage_GetObject", _PTR)
BOXES = _Slots(ctypes.c_float, 4, 4096, 1)
MATRICES = _Slots(ctypes.c_float, 6, 1024, 1)
EXTENTS = _Slots(ctypes.c_double, 4, 512, 4)
POINTS = _Slots(ctypes.c_double, 2, 512, 2)
SEGMENTS = _Slots(ctypes.c_float, 2, 1024, 2)

count_objects = _bind("FPDFPage_CountObjects", _INT, _PTR)
object_type = _bind("FPDFPageObj_GetType", _INT, _PTR)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _PTR, _PTR, _PTR, _PTR, _PTR)
object_matrix = _bind_bare("FPDFPageObj_GetMatrix", _INT, _PTR)
form_count = _bind("FPDFFormObj_CountObjects", _INT, _PTR)
form_object = _bind("FPDFFormObj_GetObject", _PTR, _PTR, ctypes.c_ulong)
path_draw_mode = _bind_bare("FPDFPath_GetDrawMode", _INT, _PTR)
path_count = _bind("FPDFPath_CountSegments", _INT, _PTR)
path_segment = _bind_bare("FPDFPath_GetPathSegment", _PTR, _PTR)
segment_point = _bind_bare("FPDFPathSegment_GetPoint", _INT, _PTR)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _PTR)
