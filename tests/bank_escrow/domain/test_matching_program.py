"""Matching as a program: cases on stdin, answers on stdout, exit code 2 for what is no case."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from bank_escrow.domain.matching import answer_case, main

OURS = "3205016600003391"
NAME, ACCOUNT = "苏州恒筑建设有限公司", "1102020301040506"
MEMBER = {"name": "苏州园方市政有限公司", "basic_account": "77"}


class TestTheProgram:
    def _run(self, text: str):
        return subprocess.run(
            [sys.executable, "-m", "bank_escrow.domain.matching"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )

    CASE = {
        "required_fen": 500,
        "cutoff_at": "2026-11-23T09:30:00+08:00",
        "account_policy": "BASIC",
        "payer": {"name": NAME, "basic_account": ACCOUNT},
        "accounts": [OURS],
        "credits": [
            {
                "ref": "1",
                "account": OURS,
                "payer_name": NAME,
                "payer_account": ACCOUNT,
                "amount_fen": 500,
                "booked_at": "2026-11-23T09:29:59+08:00",
            }
        ],
    }

    def test_answers_without_a_database(self):
        done = self._run(json.dumps([self.CASE]))
        assert done.returncode == 0
        (answer,) = json.loads(done.stdout)
        assert answer["state"] == "MATCHED"
        assert answer["credits"] == [{"ref": "1", "place": "COUNTED", "codes": []}]

    @pytest.mark.parametrize(
        "change",
        [
            {"required_fen": "500"},
            {"required_fen": 5.5},
            {"cutoff_at": "2026-11-23T09:30:00"},
            {"account_policy": "ANY"},
            {"credits": None},
        ],
    )
    def test_names_the_case_it_cannot_read(self, change):
        done = self._run(json.dumps([self.CASE, self.CASE | change]))
        assert done.returncode == 2
        assert done.stderr.startswith("/1: ")

    def test_does_not_import_django(self):
        code = "import sys, bank_escrow.domain.matching; sys.exit('django' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def credit(**change):
    return TestTheProgram.CASE["credits"][0] | change


def case(*credits_, **change):
    return TestTheProgram.CASE | {"credits": list(credits_ or [credit()])} | change


@pytest.fixture
def program(monkeypatch, capsys):
    """Run the program in this process; return exit code, stdout and stderr."""

    def run(text):
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        code = main()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


class TestAnAnswer:
    def test_to_a_matched_deposit_is_whole(self):
        assert answer_case(case()) == {
            "state": "MATCHED",
            "code": None,
            "codes": [],
            "partial": False,
            "counted_fen": 500,
            "credits": [{"ref": "1", "place": "COUNTED", "codes": []}],
        }

    def test_to_a_mismatch_leads_with_its_first_reason(self):
        bad = credit(amount_fen=499, personal=True, currency="USD", reversed=True)
        assert answer_case(case(bad)) == {
            "state": "MISMATCH",
            "code": "CURRENCY",
            "codes": ["CURRENCY", "REVERSED", "PERSONAL_ACCOUNT", "AMOUNT_SHORT"],
            "partial": False,
            "counted_fen": 0,
            "credits": [
                {
                    "ref": "1",
                    "place": "SUSPENSE",
                    "codes": ["CURRENCY", "REVERSED", "PERSONAL_ACCOUNT"],
                }
            ],
        }

    def test_to_a_part_payment_says_so(self):
        told = answer_case(case(credit(amount_fen=200)))
        assert (told["code"], told["partial"], told["counted_fen"]) == ("AMOUNT_SHORT", True, 200)

    def test_names_every_credit_by_its_reference(self):
        told = answer_case(case(credit(), credit(ref="2")))
        assert [(row["ref"], row["place"]) for row in told["credits"]] == [
            ("1", "COUNTED"),
            ("2", "SURPLUS"),
        ]

    def test_hangs_on_the_cutoff_the_policy_and_the_accounts_given(self):
        codes = {
            name: answer_case(case(credit(**change), **facts))["codes"]
            for name, change, facts in (
                ("late", {}, {"cutoff_at": "2026-11-23T09:29:59+08:00"}),
                ("basic", {"payer_account": "9"}, {}),
                ("corporate", {"payer_account": "9"}, {"account_policy": "CORPORATE"}),
                ("unknown", {}, {"accounts": ["1"]}),
                ("payer", {"payer_name": "路人"}, {}),
            )
        }
        assert codes == {
            "late": ["LATE"],
            "basic": ["NOT_BASIC_ACCOUNT"],
            "corporate": [],
            "unknown": ["UNKNOWN_ACCOUNT"],
            "payer": ["PAYER_NAME"],
        }

    def test_lets_members_pay_only_where_the_case_says_so(self):
        paid = credit(payer_name=MEMBER["name"], payer_account=MEMBER["basic_account"])
        payer = TestTheProgram.CASE["payer"] | {"members": [MEMBER]}
        assert answer_case(case(paid, payer=payer))["state"] == "MISMATCH"
        allowed = case(paid, payer=payer, members_may_pay=True)
        assert answer_case(allowed)["state"] == "MATCHED"

    def test_adds_payments_up_unless_the_case_forbids_it(self):
        parts = credit(amount_fen=200), credit(ref="2", amount_fen=300)
        assert answer_case(case(*parts))["state"] == "MATCHED"
        assert answer_case(case(*parts, several_credits=False))["state"] == "MISMATCH"

    def test_takes_numbers_written_as_numbers_for_names_and_accounts(self):
        told = case(credit(ref=1, account=int(OURS), payer_account=int(ACCOUNT)))
        told |= {"accounts": [int(OURS)]}
        assert answer_case(told)["credits"] == [{"ref": "1", "place": "COUNTED", "codes": []}]

    def test_leaves_the_payers_other_accounts_aside(self):
        payer = TestTheProgram.CASE["payer"] | {"other_accounts": ["9", 8]}
        assert answer_case(case(payer=payer))["state"] == "MATCHED"
        told = answer_case(case(credit(payer_account="9"), payer=payer))
        assert told["codes"] == ["NOT_BASIC_ACCOUNT"]

    def test_may_be_about_nothing_demanded(self):
        assert answer_case(case(required_fen=0))["state"] == "MATCHED"


class TestTheProgramsDoor:
    def test_answers_one_line_of_plain_text(self, program):
        code, out, err = program(json.dumps([case(credit(ref="回单1"))]))
        assert (code, err) == (0, "")
        assert out.endswith("}]\n")
        assert '"ref": "回单1"' in out
        assert json.loads(out) == [answer_case(case(credit(ref="回单1")))]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"required_fen": "500"}, "/0: CaseError: not an amount in fen: '500'\n"),
            ({"required_fen": True}, "/0: CaseError: not an amount in fen: True\n"),
            ({"required_fen": -1}, "/0: CaseError: not an amount in fen: -1\n"),
            (
                {"cutoff_at": "2026-11-23T09:30:00"},
                "/0: CaseError: a moment without an offset: '2026-11-23T09:30:00'\n",
            ),
            (
                {"several_credits": 1},
                "/0: CaseError: several_credits is true or false, not 1\n",
            ),
            ({"credits": [{}]}, "/0: KeyError: 'ref'\n"),
            ({"payer": {}}, "/0: KeyError: 'name'\n"),
        ],
    )
    def test_says_what_is_no_case(self, program, change, said):
        assert program(json.dumps([case(**change)])) == (2, "", said)

    def test_wants_a_list(self, program):
        assert program("{}") == (2, "", "a list of cases is expected\n")
        code, out, err = program("no json")
        assert (code, out) == (2, "")
        assert err.startswith("Expecting value")

    def test_answers_no_cases_with_no_answers(self, program):
        assert program("[]") == (0, "[]\n", "")
