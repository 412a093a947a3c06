"""The three ways a story does not end well, each with its exit code."""

from __future__ import annotations

from typing import ClassVar


class Trouble(Exception):  # noqa: N818 - told to people as it stands
    """Why a run ended early."""

    code: ClassVar[int]


class Refuted(Trouble):
    """A piece of evidence does not hold."""

    code: ClassVar[int] = 1


class BadStory(Trouble):
    """The story cannot be played: what is wrong, and the JSON pointer of the place."""

    code: ClassVar[int] = 2

    def __init__(self, pointer: str, why: str) -> None:
        self.pointer, self.why = pointer, why
        super().__init__(f"{pointer or '/'}: {why}")


class CannotRun(Trouble):
    """The machine or the system under it is not as it should be; the story may be sound."""

    code: ClassVar[int] = 3
