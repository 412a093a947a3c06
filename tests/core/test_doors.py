"""The small command lines, as an outsider calls them."""

from __future__ import annotations

import io
import json
import runpy
import subprocess
import sys

import pytest

from .formulas.cases import goods, works


@pytest.fixture
def call(monkeypatch, capsys):
    """Run a module as a program on a text or a JSON value; returns code, output and complaint."""

    def run(module, body):
        text = body if isinstance(body, str) else json.dumps(body)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(module, run_name="__main__")
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def answers(call):
    def run(module, cases):
        code, out, err = call(module, cases)
        assert (code, err) == (0, "")
        return json.loads(out)

    return run


class TestMoney:
    def test_answers_each_case_in_its_place(self, answers):
        assert answers(
            "core.money",
            [
                {"do": "uppercase", "fen": 923_828_000},
                {"do": "parse_yuan", "text": "3,366.36万元"},
                {"do": "parse_yuan", "text": "-1"},
                {"do": "spoken", "fen": 5},
                {"do": "wan", "fen": 3_366_358_016},
                {"do": "says", "text": "伍分", "fen": 5},
            ],
        ) == [
            {"ok": "玖佰贰拾叁万捌仟贰佰捌拾元整"},
            {"ok": 3_366_360_000},
            {"refused": "not an amount: '-1'"},
            {"ok": "五分"},
            {"ok": "3,366.36"},
            {"ok": True},
        ]


class TestWorkdays:
    def test_answers_each_case_in_its_place(self, answers):
        assert answers(
            "core.workdays",
            [
                {"do": "kind", "day": "2026-02-14"},
                {"do": "kind", "day": "2027-02-08"},
                {"do": "add_working_days", "day": "2026-11-24", "count": 7},
                {"do": "working_days_between", "start": "2026-11-24", "end": "2026-12-03"},
                {"do": "open_for_business", "day": "2026-01-03"},
                {"do": "open_for_business", "day": "2026-01-03", "strict_law_holidays": True},
                {"do": "open_for_business", "day": "2026-02-07", "emergency_approval": "1号"},
                {"do": "enough_days", "start": "2026-11-02", "end": "2026-11-21", "days": 20},
                {"do": "earliest_end", "start": "2026-11-02", "days": 20},
                {"do": "period_end", "start": "2026-09-30", "days": 3},
                {
                    "do": "enough_before",
                    "act_at": "2026-12-06T09:30:00+08:00",
                    "deadline_at": "2026-12-21T09:30:00+08:00",
                    "days": 15,
                },
                {"do": "earliest_deadline", "act_at": "2026-12-08T10:00:00+08:00", "days": 15},
            ],
        ) == [
            {"ok": {"kind": "MAKEUP", "working": True, "provisional": False}},
            {"ok": {"kind": "WORK", "working": True, "provisional": True}},
            {"ok": {"day": "2026-12-03", "provisional": False}},
            {"ok": {"days": 7, "provisional": False}},
            {"ok": {"open": False, "service": "CLOSED", "provisional": False}},
            {"ok": {"open": True, "service": "SATURDAY", "provisional": False}},
            {"ok": {"open": True, "service": "EMERGENCY", "provisional": False}},
            {"ok": False},
            {"ok": {"day": "2026-11-22", "bookable": "2026-11-23", "provisional": False}},
            {"ok": {"day": "2026-10-08", "provisional": False}},
            {"ok": True},
            {"ok": "2026-12-23T10:00:00+08:00"},
        ]

    @pytest.mark.parametrize(
        ("case", "pointer"),
        [
            ({"do": "kind", "day": "yesterday"}, "/0/day"),
            ({"do": "add_working_days", "day": "2026-11-24", "count": "7"}, "/0/count"),
            ({"do": "add_working_days", "day": "2026-11-24", "count": 10**9}, "/0/count"),
            ({"do": "earliest_deadline", "act_at": "2026-12-08T10:00:00", "days": 1}, "/0/act_at"),
            ({"do": "earliest_deadline", "act_at": "noon", "days": 1}, "/0/act_at"),
        ],
    )
    def test_refuses_a_case_by_its_place(self, case, pointer, call):
        code, out, err = call("core.workdays", [case])
        assert (code, out) == (2, "")
        assert err.startswith(f"{pointer}: ")


class TestIdentifiers:
    def test_answers_each_case_in_its_place(self, answers):
        tender = "E3205000001000123"
        assert answers(
            "core.identifiers",
            [
                {"do": "is_credit_code", "code": "91320507000000019U"},
                {"do": "make_firm_code", "region": "320507", "number": 1},
                {"do": "is_resident_id", "number": "320500194912310010"},
                {"do": "tender_code", "centre": "320500", "serial": 123},
                {"do": "lot_code", "tender": tender, "number": 1},
                {"do": "region", "code": "330300"},
                {"do": "region", "code": "999999"},
                {"do": "make_credit_code", "body": "short"},
            ],
        ) == [
            {"ok": True},
            {"ok": "91320507000000019U"},
            {"ok": True},
            {"ok": tender},
            {"ok": f"{tender}001"},
            {"ok": {"code": "330300", "zh": "温州市", "en": "Wenzhou"}},
            {"ok": None},
            {"refused": "not the first 17 characters of a credit code: 'short'"},
        ]

    def test_makes_a_deal_code_it_takes_back(self, answers):
        case = {"trade_class": "A01", "publisher": "91320507000000019U", "serial": 7}
        (made,) = answers("core.identifiers", [{"do": "deal_code", "day": "2026-11-23"} | case])
        assert answers("core.identifiers", [{"do": "is_deal_code", "code": made["ok"]}]) == [
            {"ok": True}
        ]


class TestFormulas:
    def test_answers_a_case(self, call):
        found = json.loads(call("core.formulas", works())[1])
        assert found["benchmark_fen"] == "923828000"
        assert found["bids"][1]["price_score"] == "97.45"

    def test_names_a_method_that_is_not_built(self, call):
        case = works()
        case["formula"]["method"] = "m3"
        code, out, err = call("core.formulas", case)
        assert (code, out, err) == (2, "", "/formula/method: m3 is not built yet\n")

    def test_refuses_numbers_with_a_point(self, call):
        text = json.dumps(goods(100)).replace('"30"', "30.0")
        code, _, err = call("core.formulas", text)
        assert code == 2
        assert "decimals are written as strings" in err


class TestEveryDoor:
    @pytest.mark.parametrize("module", ["core.money", "core.workdays", "core.identifiers"])
    @pytest.mark.parametrize(
        ("text", "start"),
        [
            ("", "/: not JSON"),
            ("{}", "/: a list"),
            ("[1]", "/0: a case is an object"),
            ('[{"do": "kinder"}]', "/0/do: one of"),
            ('[{"do": null}]', "/0/do: one of"),
        ],
    )
    def test_refuses_what_is_no_list_of_cases(self, module, text, start, call):
        code, out, err = call(module, text)
        assert (code, out) == (2, "")
        assert err.startswith(start)

    def test_refuses_an_argument_no_act_takes(self, call):
        code, _, err = call("core.money", [{"do": "yuan", "fen": 1}, {"do": "yuan", "fun": 1}])
        assert code == 2
        assert err.startswith("/1: ")

    @pytest.mark.parametrize("module", ["core.money", "core.formulas"])
    def test_says_when_the_environment_fails(self, call, monkeypatch, module):
        def broken():
            raise OSError("the disk is gone")

        monkeypatch.setattr("core.door.read_json", broken)
        assert call(module, "")[0::2] == (3, "the disk is gone\n")

    def test_is_a_program_of_its_own(self):
        done = subprocess.run(
            [sys.executable, "-m", "core.money"],
            input='[{"do": "yuan", "fen": 5}]',
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == '[{"ok": "0.05"}]\n'
