"""The statutes the tables cite, by short name, and how a citation is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Statute(Enum):
    """Short name → Chinese name, English name, first day in force."""

    TBL = ("招标投标法", "Tendering and Bidding Law", date(2000, 1, 1))
    TBR = (
        "招标投标法实施条例",
        "Implementing Regulation of the Tendering and Bidding Law",
        date(2012, 2, 1),
    )
    GPL = ("政府采购法", "Government Procurement Law", date(2003, 1, 1))
    GPR = (
        "政府采购法实施条例",
        "Implementing Regulation of the Government Procurement Law",
        date(2015, 3, 1),
    )
    MOF87 = (
        "政府采购货物和服务招标投标管理办法",
        "Measures for Tendering of Goods and Services in Government Procurement",
        date(2017, 10, 1),
    )
    MOF74 = (
        "政府采购非招标采购方式管理办法",
        "Measures for Non-tendering Methods of Government Procurement",
        date(2014, 2, 1),
    )
    CK214 = (
        "政府采购竞争性磋商采购方式管理暂行办法",
        "Interim Measures for Competitive Consultation in Government Procurement",
        date(2014, 12, 31),
    )
    O16 = (
        "必须招标的工程项目规定",
        "Provisions on Works Projects That Must Be Tendered",
        date(2018, 6, 1),
    )
    O30 = (
        "工程建设项目施工招标投标办法",
        "Measures for Tendering of Works Construction",
        date(2013, 5, 1),
    )
    O27 = (
        "工程建设项目货物招标投标办法",
        "Measures for Tendering of Goods for Works",
        date(2013, 5, 1),
    )
    O2 = (
        "工程建设项目勘察设计招标投标办法",
        "Measures for Tendering of Survey and Design of Works",
        date(2013, 5, 1),
    )
    O12 = (
        "评标委员会和评标方法暂行规定",
        "Interim Provisions on Evaluation Committees and Methods",
        date(2013, 5, 1),
    )
    SME181 = (
        "政府采购促进中小企业发展暂行办法",
        "Interim Measures for Small Firms in Government Procurement",
        date(2012, 1, 1),
    )
    SME46 = (
        "政府采购促进中小企业发展管理办法",
        "Measures for Small Firms in Government Procurement",
        date(2021, 1, 1),
    )
    SME19 = (
        "关于进一步加大政府采购支持中小企业力度的通知",
        "Notice on Further Support of Small Firms in Government Procurement",
        date(2022, 7, 1),
    )
    DOM34 = (
        "关于在政府采购中实施本国产品标准及相关政策的通知",
        "Notice on Domestic Product Standards in Government Procurement",
        date(2026, 1, 1),
    )

    def __init__(self, zh: str, en: str, since: date) -> None:
        self.zh, self.en, self.since = zh, en, since


@dataclass(frozen=True, slots=True)
class Article:
    """One article; a notice without articles is cited whole (number 0)."""

    statute: Statute
    number: int

    def __str__(self) -> str:
        return self.zh

    @property
    def zh(self) -> str:
        """The citation in Chinese: 《招标投标法》第二十四条."""
        whole = f"《{self.statute.zh}》"
        return f"{whole}第{_ordinal(self.number)}条" if self.number else whole

    @property
    def en(self) -> str:
        """The citation in English."""
        return f"{self.statute.en}, Art. {self.number}" if self.number else self.statute.en


def _ordinal(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 0 < tens < 10:  # noqa: PLR2004 - two digits
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
