"""As many bidders as a hall needs: firms with names and nothing else."""

from __future__ import annotations

from accounts.models import Role
from tests import people

NAMES = (
    *("昆山宏基", "太仓水利", "常熟古建", "吴江市政", "江阴远航", "南通四海"),
    *("镇江金山", "扬州瘦西湖", "泰州海陵", "盐城湿地", "宿迁运河"),
)


def bidder(number):
    """The `number`th firm of a crowd and the person who acts for it."""
    name = NAMES[number % len(NAMES)]
    firm = people.organisation(
        f"91320582MA1W0{number:02}0X7", f"{name}建设有限公司", "BIDDER", short_name=name
    )
    who = people.person(f"crowd{number}", f"经办{number}")
    return people.member(who, Role.BIDDER, of=firm, manager=True)


def bidders(count):
    """The first firms of the crowd."""
    return [bidder(number) for number in range(count)]
