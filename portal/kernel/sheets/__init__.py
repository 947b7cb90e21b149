"""Lists that people bring, CSV or xlsx: looked at first, then read row by row, never as a whole.

Says in a sentence what a file is when it is not such a list. Cells are text and stay text, formulas too. Knows no
feature.
"""

from portal.kernel.sheets.looking import Looked, NotASheet, look
from portal.kernel.sheets.reading import Sheet, open_sheet

__all__ = ["Looked", "NotASheet", "Sheet", "look", "open_sheet"]
