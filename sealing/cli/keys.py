"""`keygen` and `split-host`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sealing import keys, splitting, suites
from sealing.cli.files import BadInput, fresh, passphrase, told, write_new
from sealing.encoding import b64u
from sealing.suites import DEFAULT, SuiteId


def register(commands: Any) -> None:
    """Add the commands of this file."""
    one = commands.add_parser("keygen", help="make an opening key and write its key file")
    one.add_argument("--out", type=Path, required=True, help="key file to be written")
    one.add_argument("--label", default="", help="a note for yourself, not protected")
    _add_suite(one)
    one.add_argument("--passphrase-file", type=Path)
    one.set_defaults(run=keygen)

    two = commands.add_parser("split-host", help="make a host key in three holder files")
    two.add_argument("--out", type=Path, required=True, help="folder for the three files")
    two.add_argument("--label", default="")
    _add_suite(two)
    two.add_argument(
        "--passphrase-file", type=Path, action="append", default=[], help="three times, one each"
    )
    two.set_defaults(run=split_host)


def keygen(chosen: argparse.Namespace) -> dict[str, Any]:
    """Make a key, write its file and load it back, as every owner must."""
    fresh(chosen.out)
    secret = passphrase(chosen.passphrase_file, prompt="Passphrase", twice=True)
    suite = suites.of(chosen.suite)
    key = keys.generate(suite=suite)
    data = keys.wrap(key, passphrase=secret, label=chosen.label)
    keys.unwrap(data, passphrase=secret)
    write_new(chosen.out, data)
    return {
        **told(suite),
        "kid": key.kid,
        "public": b64u(key.public),
        "file": str(chosen.out),
    }


def split_host(chosen: argparse.Namespace) -> dict[str, Any]:
    """Make a host key that is never written whole, and test two pairs of its files."""
    files = chosen.passphrase_file or [None] * len(splitting.HOLDERS)
    if len(files) != len(splitting.HOLDERS):
        raise BadInput(f"--passphrase-file stands {len(splitting.HOLDERS)} times or not at all")
    chosen.out.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [fresh(chosen.out / f"holder-{number}.json") for number in splitting.HOLDERS]
    secrets = [
        passphrase(file, prompt=f"Passphrase of holder {number}", twice=True)
        for number, file in zip(splitting.HOLDERS, files, strict=True)
    ]
    suite = suites.of(chosen.suite)
    key = keys.generate(suite=suite)
    made = splitting.split(key, passphrases=secrets, label=chosen.label)
    one, two, three = (
        splitting.unwrap(data, passphrase=secret)
        for data, secret in zip(made, secrets, strict=True)
    )
    splitting.combine(one, two)
    splitting.combine(two, three)
    for path, data in zip(paths, made, strict=True):
        write_new(path, data)
    return {
        **told(suite),
        "kid": key.kid,
        "public": b64u(key.public),
        "files": [str(path) for path in paths],
    }


def _add_suite(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--suite",
        choices=[one.value for one in SuiteId],
        default=DEFAULT.id.value,
        help="the tender's suite; 2 is post-quantum, GM-1 is a demonstration (default %(default)s)",
    )
