"""Pictures of the town are drawn and kept by a few hands beside the acts, so that nobody waits for a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from portal.domain.stores.values import Picture
from portal.kernel.pictures import Rendition, read_picture
from portal.kernel.storage import Storage

HANDS = 2
Draw = Callable[[str], bytes]


class Studio:
    """Draws what is ordered in the background; what was not ordered is drawn when it is asked for."""

    def __init__(self, shelf: Storage) -> None:
        self._shelf = shelf
        self._hands = ThreadPoolExecutor(HANDS)
        self._ordered: dict[tuple[Draw, str], Future[Picture]] = {}

    def order(self, draw: Draw, names: Iterable[str]) -> None:
        """Begin with these, in this order."""
        for name in names:
            if (draw, name) not in self._ordered:
                self._ordered[draw, name] = self._hands.submit(self._make, draw, name)

    def picture(self, draw: Draw, name: str) -> Picture:
        """The picture, kept among the public ones; waits until it is done."""
        self.order(draw, [name])
        return self._ordered[draw, name].result()

    def _make(self, draw: Draw, name: str) -> Picture:
        drawn = read_picture(draw(name))

        def put(file: Rendition) -> str:
            return self._shelf.put(file.content, file.suffix)

        full, wide, small = (put(file) for file in (drawn.full, drawn.wide, drawn.small))
        return Picture(full, wide, small, drawn.full.width, drawn.full.height, drawn.colour)
