"""The measures of `./dev bench sealing` in tiny: that they run and answer, never how fast."""

from __future__ import annotations

import json

import pytest

from bench import _kit
from bench import _sealing_browser as browser
from bench import _sealing_python as python
from bench._bid import laid_out


class TestAMeasure:
    def test_takes_turns_with_the_others_after_a_round_that_does_not_count(self):
        asked = []
        answers = iter([100, 7, 1, 8, 3, 9, 2, 7])

        def measure(name):
            asked.append(name)
            return next(answers)

        found = _kit.in_turns({name: lambda name=name: measure(name) for name in "ab"})
        assert asked == [*"ab"] * 4
        assert found == {"a": 2, "b": 8}

    def test_is_told_on_one_line_with_the_machine(self, capsys):
        _kit.tell("x", figures={"a": 1}, peers={}, ratios={"r": 0.12345})
        (line,) = capsys.readouterr().out.splitlines()
        told = json.loads(line)
        assert (told["name"], told["figures"], told["ratios"]) == ("x", {"a": 1}, {"r": 0.123})
        assert told["machine"]["cores"] > 0


class TestPython:
    def test_seals_measures_and_opens_beside_its_peers(self):
        with laid_out(1) as bid:
            rates = {name: act() for name, act in python.measures(bid, mebibytes=1).items()}
            opened = (bid.folder / "out" / bid.plain.name).exists()
        assert all(rate > 0 for rate in rates.values()), rates
        assert not opened  # what an earlier measure left is cleared before the next


@pytest.mark.browser
class TestChromium:
    def test_seals_beside_its_peers_in_one_page(self):
        with laid_out(1) as bid, browser.opened(bid.plain) as page:
            rates = {name: act() for name, act in browser.measures(page, mebibytes=1).items()}
        assert rates.keys() == {"browser_seal", "browser_act", "webcrypto_aes_gcm", "age_seal"}
        assert all(rate > 0 for rate in rates.values()), rates
