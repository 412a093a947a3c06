"""Start the demo certificate authority: `python -m simulators.ca --state DIR`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from simulators.ca.authority import REASONS, SCHEMA, Authority, seal_at
from simulators.kit import clock, fields, server
from simulators.kit.arguments import parser
from simulators.kit.pki import root_at
from simulators.kit.routes import Routes
from simulators.kit.server import Request, Response
from simulators.kit.store import StateInUseError, Store

TITLE = "演示证书颁发机构(模拟)"
EMPTY = fields.optional(fields.text(most=120), default="")
SUBJECT = {
    "cn": fields.text(most=120),
    "organisation": EMPTY,
    "credit_code": EMPTY,
    "person_id": EMPTY,
}
ISSUE = {
    "subject": fields.MAPPING,
    "kind": fields.one_of("person", "organisation"),
    "passphrase": fields.text(least=8, most=128),
}
REVOKE = {
    "serial": fields.text(most=40, pattern="[0-9a-f]+"),
    "reason": fields.optional(fields.one_of(*REASONS), default="unspecified"),
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "person": ("person_id",),
    "organisation": ("organisation", "credit_code"),
}


def routes(authority: Authority) -> Routes:
    """Return the authority's door."""

    def issue(request: Request) -> Response:
        asked = fields.read(request.body, ISSUE)
        subject: dict[str, Any] = fields.check(asked["subject"], SUBJECT)
        for part in NEEDED[asked["kind"]]:
            if not subject[part]:
                raise fields.BadFieldError(f"missing field 'subject.{part}'")
        made = authority.issue(subject, kind=asked["kind"], passphrase=asked["passphrase"])
        return Response(
            body=made.bundle,
            content_type="application/x-pkcs12",
            headers={
                "X-Certificate-Serial": made.serial,
                "X-Certificate-Not-After": clock.beijing(made.not_after),
            },
        )

    def revoke(request: Request) -> Mapping[str, Any]:
        asked = fields.read(request.body, REVOKE)
        return authority.revoke(asked["serial"], reason=asked["reason"])

    return Routes(
        title=TITLE,
        acts={
            ("GET", "/root.pem"): lambda _: Response(
                body=authority.root.pem, content_type="application/x-pem-file"
            ),
            ("GET", "/crl"): lambda _: Response(
                body=authority.crl(), content_type="application/pkix-crl"
            ),
            ("GET", "/certificates"): lambda _: {"certificates": authority.register()},
            ("POST", "/issue"): issue,
            ("POST", "/revoke"): revoke,
        },
    )


def main() -> int:
    """Serve until told to stop."""
    told = parser(
        module="simulators.ca", description="A demo certificate authority; see README.md."
    ).parse_args()
    try:
        store = Store(told.state, name="ca", schema=SCHEMA)
    except StateInUseError as error:
        sys.stderr.write(f"state in use by another process: {error}\n")
        return 3
    root = root_at(told.state, common_name="DEMO Root 衡平演示根证书 (no legal effect)")
    authority = Authority(root=root, store=store, clock=clock.now)
    seal_at(told.state, root=root)
    door = server.Server(identity="ca", title=TITLE, port=told.port, handle=routes(authority))
    server.run(door, title=TITLE, root=str(root.path.resolve()))
    store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
