"""Which fiscal year a link in the list of reports stands for."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from parsers.readers.htmltable import Link
from parsers.sources.us_ddtc_655.layout import fiscal_year_of

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def year_of_link(link: Link) -> int | None:
    """The fiscal year in the link's text or else in its file name (``rpt655_FY12``, ``1999_655``)."""
    name = PurePosixPath(unquote(urlsplit(link.url).path)).stem
    # an underscore is a letter to \b, so FY12 in rpt655_FY12 would have no beginning
    for text in (link.text, re.sub(r"[_-]+", " ", name)):
        if year := fiscal_year_of(text):
            return year
        if found := _YEAR.search(text):
            return int(found[1])
    return None
