from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.states import IllegalMove, Machine

DOOR = Machine(
    "door",
    {
        "shut": {"open": "ajar", "lock": "locked"},
        "ajar": {"close": "shut"},
        "locked": {"unlock": "shut", "weld": "gone"},
        "gone": {},
    },
)


class TestMachine:
    def test_moves_as_the_table_says(self):
        assert DOOR.after("shut", "lock") == "locked"

    @pytest.mark.parametrize(
        ("state", "act"), [("ajar", "lock"), ("gone", "open"), ("none", "open")]
    )
    def test_refuses_what_the_table_does_not_say(self, state, act):
        assert not DOOR.can(state, act)
        with pytest.raises(IllegalMove) as caught:
            DOOR.after(state, act)
        assert (caught.value.machine, caught.value.state, caught.value.act) == ("door", state, act)

    def test_knows_its_states_and_acts(self):
        assert DOOR.initial == "shut"
        assert DOOR.states == ("shut", "ajar", "locked", "gone")
        assert DOOR.acts == ("open", "lock", "close", "unlock", "weld")
        assert DOOR.terminal == {"gone"}
        assert DOOR.acts_in("locked") == ("unlock", "weld")
        assert DOOR.acts_in("none") == ()
        assert DOOR.sources("lock") == ("shut",)

    def test_refuses_a_state_that_is_not_listed(self):
        with pytest.raises(ValueError, match="opne"):
            Machine("slip", {"shut": {"open": "opne"}})
        with pytest.raises(ValueError, match="without states"):
            Machine("void", {})

    def test_cannot_be_changed(self):
        with pytest.raises(TypeError):
            DOOR.moves["shut"]["open"] = "gone"

    def test_draws_itself(self):
        assert DOOR.mermaid() == (
            "stateDiagram-v2\n"
            "    [*] --> shut\n"
            "    shut --> ajar: open\n"
            "    shut --> locked: lock\n"
            "    ajar --> shut: close\n"
            "    locked --> shut: unlock\n"
            "    locked --> gone: weld\n"
            "    gone --> [*]\n"
        )

    @given(st.lists(st.sampled_from(DOOR.acts), max_size=30))
    def test_never_leaves_its_states(self, acts):
        state = DOOR.initial
        for act in acts:
            if DOOR.can(state, act):
                state = DOOR.after(state, act)
        assert state in DOOR.states
