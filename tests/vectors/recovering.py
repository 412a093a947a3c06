"""A bid whose share any two of three may recover, and headers whose `rec` must be refused."""

from __future__ import annotations

import json
from io import BytesIO

from sealing import canonical, envelope, header, keys, recovery
from sealing.encoding import b64u
from sealing.header import Context
from sealing.pieces import Holders
from sealing.suites import Suite
from tests.sealing import scene
from tests.vectors.fixed import Boxes, Drum, fixed_boxes

NEED = 2


def make_recovery(suite: Suite, boxes: Boxes) -> dict:
    random = Drum(f"recovery {suite.id}")
    bidder, host, *holders = (keys.generate(suite=suite, random=random) for _ in range(5))
    with fixed_boxes(Drum("ephemeral 3"), boxes):
        made = envelope.seal(
            Context(**scene.LOT, bidder="p-1", bid="b-1", deadline_id="D-1"),
            recipients=envelope.Recipients(
                bidder=bidder.public,
                host=host.public,
                suite=suite,
                recovery=Holders(need=NEED, publics=tuple(one.public for one in holders)),
            ),
            form=scene.form(100),
            files=(),
            sink=BytesIO(),
            random=random,
        ).header
    pieces = [recovery.release(made, key=one) for one in holders]
    return {
        "need": NEED,
        "header": made.json.decode(),
        "header_sha256": b64u(made.sha256),
        "holders": [{"kid": one.kid, "private": b64u(one.secret)} for one in holders],
        "files": [
            recovery.dumps(given, header=made, kid=one.kid).decode()
            for one, given in zip(holders, pieces, strict=True)
        ],
        "share": b64u(recovery.recover(made, [*pieces[0], *pieces[1]]).secret),
        "refused": list(_refused(made)),
    }


def _refused(made: header.Header):
    body = json.loads(made.json)
    sets = body["rec"]

    def case(name, rec):
        return {"name": name, "header": canonical.dumps({**body, "rec": rec}).decode()}

    yield case("a set missing", sets[:2])
    yield case("a set twice", [*sets, sets[2]])
    yield case("sets in another order", sets[::-1])
    yield case("pieces in another order", [sets[0][::-1], *sets[1:]])
    yield case("sets of one", [one[:1] for one in sets])
    yield case("an empty set", [[], *sets[1:]])
    yield case("no list", [{}, *sets[1:]])
    yield case("a holder twice", [[sets[0][0], sets[0][0]], *sets[1:]])
    yield case("no piece", [[sets[0][0], None], *sets[1:]])
    yield case("a member more", [[{**sets[0][0], "n": 1}, sets[0][1]], *sets[1:]])
    yield case("a box that is none", [[{**sets[0][0], "box": ""}, sets[0][1]], *sets[1:]])
    # One set of two is a list of its own: two of two.
    host = {**sets[0][1], "kid": body["shares"][1]["kid"]}
    pair = sorted([sets[0][0], host], key=lambda one: one["kid"])
    yield case("the host's own key", [pair])
