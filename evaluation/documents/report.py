"""The evaluation report (评标报告) as a PDF, before and after signing.

Legal documents are Chinese by law, whatever language their reader's pages have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.formulas import Label
from core.money import yuan
from core.pdf import (
    Block,
    Callout,
    Code,
    Column,
    Document,
    Facts,
    Heading,
    Items,
    Paragraph,
    Signature,
    Signatures,
    Table,
    render,
)
from core.zone import local
from sealing import canonical
from trading.words import PAPER_DURATIONS

METHODS = {"gov_lowest": "低价优先法", "m1": "评标基准价方法一", "m2": "评标基准价方法二"}
_KINDS = {"judged": "主观", "objective": "客观", "price": "报价"}
_ROLES = {"expert": "评标专家", "representative": "招标人代表"}
_TIES = {
    "lower_price": "报价低者优先",
    "higher_technical": "技术得分高者优先",
    "draw": "随机抽取",
}
_STATES = {"UNRELEASED": "未解密", "REJECTED": "资格审查未通过"}
_LABELS = {
    Label.COUNTED.value: "参与计算的报价数",
    Label.DROPPED_HIGH.value: "去掉的最高报价",
    Label.DROPPED_LOW.value: "去掉的最低报价",
    Label.MEAN.value: "平均值",
    Label.BENCHMARK.value: "评标基准价",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One member's signature under the report's hash."""

    seat: str
    name: str
    agrees: bool
    opinion: str
    at: datetime
    by_default: bool


def render_report(body: Mapping[str, Any], *, signatures: Sequence[Signed], at: datetime) -> bytes:
    """Draw the report; `body` as `services.papers.body` gives it."""
    digest = hashlib.sha256(canonical.dumps(dict(body))).hexdigest()
    return render(
        Document(
            title="评标报告",
            subtitle=body["title"],
            code=body["lot"],
            blocks=[*_blocks(body), *_ending(body, signatures), Code(text=digest, label=_DIGEST)],
            data_sha256=digest,
            at=at,
        )
    )


_DIGEST = "报告数据指纹（SHA-256，各成员对此签名）"


def _blocks(body: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(text="一、基本情况", level=1)
    yield Facts(rows=_facts(body), columns=2)
    yield Heading(text="二、评标委员会", level=1)
    yield _members(body["members"])
    yield Paragraph(text=_drawn(body["draw"]))
    yield Heading(text="三、开标记录", level=1)
    yield _bids(body["bids"], duration=PAPER_DURATIONS[body["category"]])
    if body["unopened"]:
        yield _unopened(body["unopened"])
    yield Heading(text="四、初步评审", level=1)
    yield _rejections(body["rejections"])
    yield Heading(text="五、评标方法和标准", level=1)
    yield from _method(body)
    yield Heading(text="六、评审结果", level=1)
    yield from _result(body)
    yield from _notes(body)


def _facts(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    ceiling = body["ceiling_fen"]
    return [
        ("招标项目编号", body["tender"]),
        ("标段编号", body["lot"]),
        ("招标人", body["procuring_entity"]),
        ("招标代理机构", body["agency"] or "无"),
        ("投标截止时间", _when(body["deadline_at"])),
        ("评审时间", _when(body["met_at"])),
        ("最高投标限价", f"{yuan(ceiling)} 元" if ceiling is not None else "未设"),
        ("评标地点", "、".join(body["places"])),
    ]


def _drawn(draw: Mapping[str, Any]) -> str:
    """Say how often experts were drawn; a plan that was given up is never passed over."""
    if not draw["given_up"]:
        return "专家按第 1 次公布的抽取方案抽取，没有放弃的方案。"
    given_up = "；".join(f"第 {row['number']} 次，{row['reason']}" for row in draw["given_up"])
    count = len(draw["given_up"])
    return f"专家按第 {draw['number']} 次公布的抽取方案抽取。此前放弃 {count} 次：{given_up}。"


def _members(members: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        columns=(
            Column(title="席位", weight=1),
            Column(title="姓名", weight=1.4),
            Column(title="身份", weight=1.6),
            Column(title="专业", weight=2.4),
            Column(title="地点", weight=1.2),
            Column(title="职务", weight=1),
        ),
        rows=[
            (
                row["seat"],
                row["name"],
                _ROLES[row["role"]],
                row["specialty"],
                row["place"],
                "组长" if row["leader"] else "成员",
            )
            for row in members
        ],
    )


def _bids(bids: Sequence[Mapping[str, Any]], *, duration: str) -> Table:
    return Table(
        columns=(
            Column(title="席位", align="centre", weight=0.7),
            Column(title="投标人", weight=3.4),
            Column(title="投标报价（元）", align="right", weight=2),
            Column(title=f"{duration}（天）", align="right", weight=1.1),
            Column(title="质量", weight=1.2),
            Column(title="项目负责人", weight=1.3),
        ),
        rows=[
            (
                str(row["seat"]),
                row["name"],
                yuan(row["price_fen"]),
                str(row["duration_days"]),
                row["quality"],
                row["manager"],
            )
            for row in bids
        ],
        dense=True,
    )


def _unopened(rows: Sequence[Mapping[str, Any]]) -> Table:
    return Table(
        columns=(
            Column(title="席位", align="centre", weight=0.7),
            Column(title="未进入评审的投标人", weight=3.4),
            Column(title="情况", weight=2),
            Column(title="原因代码", weight=2),
        ),
        rows=[(str(row["seat"]), row["name"], _STATES[row["state"]], row["code"]) for row in rows],
        dense=True,
    )


def _rejections(rows: Sequence[Mapping[str, Any]]) -> Block:
    if not rows:
        return Paragraph(text="各投标文件均通过初步评审，没有否决的投标。")
    return Table(
        columns=(
            Column(title="被否决的投标人", weight=2.4),
            Column(title="代码", weight=1.6),
            Column(title="依据", weight=2.4),
            Column(title="事实", weight=3.4),
            Column(title="表决（否决∶通过）", align="centre", weight=1.3),
        ),
        rows=[
            (
                row["name"],
                row["code"],
                row["clause"],
                f"{row['fact']}（投标文件第 {row['page']} 页）" if row["page"] else row["fact"],
                f"{row['votes_against']}∶{row['votes_for']}",
            )
            for row in rows
        ],
        dense=True,
    )


def _method(body: Mapping[str, Any]) -> Iterator[Block]:
    formula, outlier = body["formula"], body["outlier_rule"]
    yield Facts(
        rows=[
            ("报价评分方法", METHODS.get(formula["method"], formula["method"])),
            ("报价分值", f"{formula['weight']} 分"),
            (
                "统分规则",
                f"成员不少于 {outlier['from_members']} 人时，每项去掉 {outlier['drop_high']} 个"
                f"最高分、{outlier['drop_low']} 个最低分后取平均值"
                if outlier and body["track"] != "G"
                else "取全体成员评分的算术平均值",
            ),
            ("同分处理", "；".join(_TIES[name] for name in body["tie_rule"]) or "并列"),
        ],
        columns=1,
    )
    yield Table(
        columns=(
            Column(title="评分因素", weight=4),
            Column(title="类别", weight=1),
            Column(title="分值", align="right", weight=1),
            Column(title="最小分差", align="right", weight=1),
        ),
        rows=[
            (
                ("　" if row["part_of"] else "") + row["title"],
                _KINDS[row["kind"]],
                row["max"],
                row["step"] or "—",
            )
            for row in body["criteria"]
        ],
        dense=True,
    )
    lines = [
        f"{_LABELS.get(line['label'], line['label'])}：{line['expression']} = {line['value']}"
        for line in body["working"]
    ]
    if lines:
        yield Items(items=lines)


def _result(body: Mapping[str, Any]) -> Iterator[Block]:
    if not body["ranking"]:
        yield Callout(
            title="没有排名",
            text="有效投标不足，评标委员会未进行详细评审。",
            tone="warn",
        )
        return
    yield Table(
        columns=(
            Column(title="名次", align="centre", weight=0.8),
            Column(title="投标人", weight=3.4),
            Column(title="投标报价（元）", align="right", weight=2),
            Column(title="评审得分", align="right", weight=1.3),
            Column(title="报价得分", align="right", weight=1.3),
            Column(title="总分", align="right", weight=1.2),
        ),
        rows=[
            (
                str(row["rank"]),
                row["name"],
                yuan(row["price_fen"]),
                str(Decimal(row["total"]) - Decimal(row["price_score"])),
                row["price_score"],
                row["total"],
            )
            for row in body["ranking"]
        ],
    )
    yield Paragraph(text=f"推荐的候选人依次为：{'、'.join(body['candidates'])}。")


def _notes(body: Mapping[str, Any]) -> Iterator[Block]:
    lines = [f"同分投标人的抽取顺序：{'、'.join(order)}。" for order in body["ties"]]
    lines += [
        f"{_when(row['at'])} 汇总前发现客观分不一致（"
        + "；".join(f"{one['name']} {one['title']}" for one in row["facts"])
        + f"），当场解锁更正。说明：{row['reason']}"
        for row in body["corrections"]
    ]
    lines += [
        f"{flag['member']} 对{flag['name']}的“{flag['title']}”评 {flag['score']} 分，"
        f"其他成员平均 {flag['others']} 分，偏差较大。"
        for flag in body["flags"]
    ]
    if lines:
        yield Heading(text="七、需要说明的事项", level=1)
        yield Items(items=lines)


def _ending(body: Mapping[str, Any], signatures: Sequence[Signed]) -> Iterator[Block]:
    yield Heading(text="签名", level=1)
    for row in signatures:
        if not row.agrees:
            yield Callout(
                title=f"{row.name}（{row.seat}）的不同意见", text=row.opinion, tone="warn"
            )
    known = {row.seat: row for row in signatures}
    yield Signatures(
        places=tuple(
            Signature(
                label="组长" if member["leader"] else "成员",
                field=f"sign_{member['seat'].replace('-', '_')}",
                name=f"{member['name']}（{member['seat']}）",
                lines=_said(known.get(member["seat"])),
            )
            for member in body["members"]
        ),
        columns=2,
    )


def _said(signed: Signed | None) -> tuple[str, ...]:
    if signed is None:
        return ()
    if signed.by_default:
        return ("拒绝签名且未说明理由，视为同意评标结论", _when_at(signed.at))
    return ("同意" if signed.agrees else "不同意，意见见上", _when_at(signed.at))


def _when(text: str | None) -> str:
    return "—" if text is None else _when_at(datetime.fromisoformat(text))


def _when_at(instant: datetime) -> str:
    return f"{local(instant):%Y-%m-%d %H:%M:%S}"
