"""A signed act as a browser posts it: the form, its command and the signature over both."""

from __future__ import annotations

from uuid import uuid4

from sealing import canonical


def act_body(act, fields, *, args=None, command=""):
    """The canonical body that is signed."""
    return canonical.dumps(
        {"act": act, "args": args or {}, "command": command, "fields": fields or {}}
    )


def signed_form(holder, act, fields=None, *, purpose, args=None):
    """The form with the holder's signature."""
    command = str(uuid4())
    body = act_body(act, fields, args=args, command=command)
    return {
        **(fields or {}),
        "command_id": command,
        "signature": holder.sign(body, purpose=purpose),
        "certificate": holder.pem,
    }
