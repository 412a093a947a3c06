"""Administrative regions this system deals with (GB/T 2260), by six-digit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city or county."""

    code: str
    zh: str
    en: str


_REGIONS = (
    Region("320000", "江苏省", "Jiangsu"),
    Region("320500", "苏州市", "Suzhou"),
    Region("320505", "苏州市虎丘区", "Huqiu, Suzhou"),
    Region("320506", "苏州市吴中区", "Wuzhong, Suzhou"),
    Region("320507", "苏州市相城区", "Xiangcheng, Suzhou"),
    Region("320508", "苏州市姑苏区", "Gusu, Suzhou"),
    Region("320509", "苏州市吴江区", "Wujiang, Suzhou"),
    Region("320581", "常熟市", "Changshu"),
    Region("320582", "张家港市", "Zhangjiagang"),
    Region("320583", "昆山市", "Kunshan"),
    Region("320585", "太仓市", "Taicang"),
    Region("330000", "浙江省", "Zhejiang"),
    Region("330300", "温州市", "Wenzhou"),
    Region("330326", "温州市平阳县", "Pingyang, Wenzhou"),
)

REGIONS: Mapping[str, Region] = MappingProxyType({region.code: region for region in _REGIONS})


def region(code: str) -> Region | None:
    """Return the region of a code, or nothing where it is none of ours."""
    return REGIONS.get(code)
