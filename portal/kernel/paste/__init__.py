"""Address smart-paste: one pasted line with a name, a phone and an address becomes fields.

Only what stands in the text is returned; what is not found is named as missing, never invented. Knows no table:
the administrative divisions are handed in.
"""

from portal.kernel.paste.lines import Pasted, read_address
from portal.kernel.paste.regions import Level, Region, Regions

__all__ = ["Level", "Pasted", "Region", "Regions", "read_address"]
