"""Names: what strangers may see of them."""

from __future__ import annotations

LONGEST = 40
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯")


def masked_name(name: str) -> str:
    """王秀兰 → 王**, 欧阳文山 → 欧阳**, Ann → A**: the family name, never the length; ** for no name."""
    name = name.strip()
    family = next((double for double in _COMPOUND if name.startswith(double) and len(name) > len(double)), name[:1])
    return f"{family}**"
