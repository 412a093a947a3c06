"""What a document is made of: plain data, no measures of paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.pdf.labels import CHINESE, Labels

Align = Literal["left", "centre", "right"]
Tone = Literal["plain", "muted", "info", "ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with an accent of its own."""

    text: str
    bold: bool = False
    tone: Tone = "plain"


Text = str | Span | Sequence[str | Span]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; it stays with what follows it. Levels 1 to 3, also the outline of the file."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `indent` begins it two characters in, as Chinese prose does."""

    text: Text
    align: Align | Literal["justify"] = "justify"
    indent: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or with dots."""

    items: Sequence[Text]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Key facts in a grid of one or two pairs a row."""

    rows: Sequence[tuple[str, Text]]
    columns: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Without `weight` its width follows its content."""

    title: str
    align: Align = "left"
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its head is repeated on every page, a row too tall for a page is continued."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Text]]
    total: Sequence[Text] | None = None
    caption: str = ""
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """A hash, a token, a key: broken anywhere, on a tinted ground."""

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Callout:
    """What must not be overlooked."""

    text: Text
    title: str = ""
    tone: Tone = "info"


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign. `field` names it for a digital signature; `lines` are already known."""

    label: str
    field: str = ""
    name: str = ""
    lines: Sequence[str] = ()
    seal: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Places to sign, side by side; a row of them is never torn apart."""

    places: Sequence[Signature]
    columns: Literal[1, 2, 3] = 2


@dataclass(frozen=True, slots=True)
class Seal:
    """A place for a seal, at the right of the page, kept clear for a signature field."""

    field: str
    label: str = ""
    millimetres: float = 42


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code with what it says beside it."""

    data: str
    caption: Text = ""
    millimetres: float = 26


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline across the page."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space."""

    millimetres: float = 4


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page."""


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stand on one page, if one page can hold them."""

    blocks: Sequence[Block]


Block = (
    Heading
    | Paragraph
    | Items
    | Facts
    | Table
    | Code
    | Callout
    | Signatures
    | Seal
    | Qr
    | Rule
    | Gap
    | PageBreak
    | Together
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole document.

    `data_sha256` is the digest of the data the document was drawn from, printed on every page, so
    that paper and record can be held side by side. `at` becomes the file's date; without it the
    file carries none that could differ from one drawing to the next.
    """

    title: str
    code: str
    blocks: Sequence[Block]
    subtitle: str = ""
    issuer: str = ""
    data_sha256: str = ""
    notice: str = ""
    at: datetime | None = None
    labels: Labels = field(default=CHINESE)
