"""pdfium's C functions, bound for bulk use.

pypdfium2's own bindings check and convert each argument in Python and let the interpreter lock go at each
call; for 5,000 calls a page that costs more than pdfium's work. Here the same addresses are bound with plain
integers and without giving up the lock, so that `map` can run them in a loop in C. pdfium is not thread
safe: LOCK is held around every page.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

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
char_loose_box = _bind("FPDFText_GetLooseCharBox", _INT, _PTR, _INT, _PTR)
char_box = _bind("FPDFText_GetCharBox", _INT, _PTR, _INT, _PTR, _PTR, _PTR, _PTR)
char_font_size = _bind("FPDFText_GetFontSize", ctypes.c_double, _PTR, _INT)
char_origin = _bind("FPDFText_GetCharOrigin", _INT, _PTR, _INT, _PTR, _PTR)
char_matrix = _bind("FPDFText_GetMatrix", _INT, _PTR, _INT, _PTR)
char_object = _bind("FPDFText_GetTextObject", _PTR, _PTR, _INT)
char_is_hyphen = _bind("FPDFText_IsHyphen", _INT, _PTR, _INT)
char_map_error = _bind("FPDFText_HasUnicodeMapError", _INT, _PTR, _INT)
object_font = _bind("FPDFTextObj_GetFont", _PTR, _PTR)
object_font_size = _bind("FPDFTextObj_GetFontSize", _INT, _PTR, _PTR)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _PTR, _PTR, ctypes.c_size_t)
font_flags = _bind("FPDFFont_GetFlags", _INT, _PTR)
font_glyph_width = _bind("FPDFFont_GetGlyphWidth", _INT, _PTR, ctypes.c_uint32, ctypes.c_float, _PTR)
font_ascent = _bind("FPDFFont_GetAscent", _INT, _PTR, ctypes.c_float, _PTR)
font_descent = _bind("FPDFFont_GetDescent", _INT, _PTR, ctypes.c_float, _PTR)

count_objects = _bind("FPDFPage_CountObjects", _INT, _PTR)
page_object = _bind("FPDFPage_GetObject", _PTR, _PTR, _INT)
object_type = _bind("FPDFPageObj_GetType", _INT, _PTR)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _PTR, _PTR, _PTR, _PTR, _PTR)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, _PTR, _PTR)
form_count = _bind("FPDFFormObj_CountObjects", _INT, _PTR)
form_object = _bind("FPDFFormObj_GetObject", _PTR, _PTR, ctypes.c_ulong)
path_draw_mode = _bind("FPDFPath_GetDrawMode", _INT, _PTR, _PTR, _PTR)
path_count = _bind("FPDFPath_CountSegments", _INT, _PTR)
path_segment = _bind("FPDFPath_GetPathSegment", _PTR, _PTR, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _PTR, _PTR, _PTR)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _PTR)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _PTR)
