"""The card that tells a visitor how to come in and what to look at first, Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from config.demo_world.cast import (
    ADMIN,
    AGENCY,
    BUILDERS,
    OFFICE,
    SCHOOL,
    STAFF,
    SUPPLIERS,
    SUZHOU,
    WENZHOU,
)
from config.demo_world.shelf import PASSPHRASE, PASSWORD, PIN
from evaluation.models import Seat
from trading.models import Lot

_ROLES = {
    "CENTRE_OPENING": ("开标工作人员", "opening staff"),
    "CENTRE_EVALUATION": ("评标工作人员", "evaluation staff"),
    "WITNESS": ("见证人员", "witness"),
    "FINANCE": ("财务人员", "finance"),
    "SUPERVISOR": ("监督人员", "supervisor"),
}
_PLACES = {SUZHOU: "", WENZHOU: "（温州）"}
# From here on a sign of the terminal takes two columns: Chinese and its punctuation.
_WIDE = 0x2E7F


def write() -> str:
    """Return the card of a world that has just been made."""
    return "\n".join(["", *_sign_ins(), "", *_keys(), "", *_first_clicks(), ""])


def _sign_ins() -> Iterator[str]:
    yield "怎样登录 / how to sign in"
    yield f"  密码 password            {PASSWORD}"
    yield "  验证码 second factor     ./dev code 用户名 USERNAME"
    yield f"  证书 certificate         .run/certs/用户名 USERNAME.p12，PIN {PIN}"
    yield ""
    for username, chinese, english in _people():
        yield f"  {username:<10} {chinese}{' ' * max(1, 34 - _width(chinese))}{english}"


def _people() -> Sequence[tuple[str, str, str]]:
    staff = [
        (username, f"{_ROLES[role][0]} {name}{_PLACES[place]}", _ROLES[role][1])
        for username, name, role, place in STAFF
    ]
    return [
        (OFFICE.username, f"招标人 {OFFICE.name}", "tenderer, hosts works openings"),
        (SCHOOL.username, f"采购人 {SCHOOL.name}", "purchaser"),
        (AGENCY.username, f"代理机构 {AGENCY.name}", "agency, hosts procurement"),
        *((f.username, f"投标人 {f.name}", "bidder (works)") for f in BUILDERS),
        *((f.username, f"投标人 {f.name}", "bidder (goods)") for f in SUPPLIERS),
        *staff,
        (_working_expert(), "评审专家（正在评分）", "expert, in the middle of scoring"),
        (_invited_expert(), "评审专家（收到邀请）", "expert, with an invitation to answer"),
        (ADMIN, "系统管理员", "administrator"),
    ]


def _working_expert() -> str:
    """Name an expert whom the draw put into the room that is at work and who has not locked."""
    seat = (
        Seat.objects.filter(panel__state="SCORING", locked_at__isnull=True)
        .select_related("person")
        .order_by("number")[0]
    )
    return seat.person.username


def _invited_expert() -> str:
    """Name an expert who was drawn and has not answered."""
    seats = Seat.objects.filter(panel__state="INVITING", state="NOTIFIED")
    return seats.select_related("person").order_by("number")[0].person.username


def _keys() -> Iterator[str]:
    yield f"密钥文件口令 / passphrase of the key files: {PASSPHRASE}"
    yield "  投标人 bidder  .run/keys/hall-sun.key.json"
    yield "  招标人 host    .run/keys/hall-1.holder.json, hall-2.holder.json（任意两个 any two）"


def _first_clicks() -> Iterator[str]:
    hall = Lot.objects.get(state="OPENING").pk
    bidding = Lot.objects.get(state="SUBMISSION", tender__title__contains="路灯照明").tender_id
    yield "先看什么 / what to click first"
    yield f"  1 sun   解密自己的投标 / decrypt your bid in the hall    /hall/{hall}"
    yield f"  2 zhao  主持开标，按一个按钮 / host it, one button       /desk/open/{hall}"
    yield f"  3 sun   参加并递交一份投标 / join and hand in a bid      /notices/{bidding}"
    yield f"  4 {_working_expert():<5} 给两家打分并锁定 / score and lock               /expert"
    yield "  5 chen, he  两人办理退款 / refunds by two hands          /finance/refunds"
    yield "    不登录也能看 / without signing in: /notices /openings /awards /log"


def _width(text: str) -> int:
    """Count columns: a Chinese character takes two."""
    return sum(2 if ord(sign) > _WIDE else 1 for sign in text)
