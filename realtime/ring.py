"""The newest frames of one stream, kept ready while somebody follows it."""

from __future__ import annotations

from collections.abc import Sequence

from realtime.frames import Frame

SIZE = 512


class GapError(ValueError):
    """A frame came that does not follow the newest one: the stream's past has changed."""


class Ring:
    """Frames `base + 1` to `head`, without a hole."""

    __slots__ = ("_frames", "base")

    def __init__(self, head: int) -> None:
        self.base = head
        self._frames: list[Frame] = []

    @property
    def head(self) -> int:
        """The number of the newest frame."""
        return self.base + len(self._frames)

    def append(self, frame: Frame) -> None:
        """Take the next frame; only `head + 1` is next."""
        if frame.seq != self.head + 1:
            raise GapError(f"{frame.seq} after {self.head}")
        self._frames.append(frame)
        # Cut in one piece now and then: dropping one by one would move the list each time.
        if len(self._frames) >= 2 * SIZE:
            del self._frames[:SIZE]
            self.base += SIZE

    def holds(self, cursor: int) -> bool:
        """Tell whether everything after `cursor` is here."""
        return cursor >= self.base

    def after(self, cursor: int) -> Sequence[Frame]:
        """Return the frames above a number that the ring holds."""
        return self._frames[cursor - self.base :] if cursor < self.head else ()
