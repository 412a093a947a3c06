"""Lint, format, types, imports, templates and migrations, as `./dev check` runs them."""

from __future__ import annotations

import os
import subprocess

import pytest

from devtools.quality import tools
from tests.architecture.house import ROOT


class TestTheCode:
    @pytest.mark.parametrize("name", sorted(tools()))
    def test_passes(self, name):
        done = subprocess.run(
            tools()[name],
            cwd=ROOT,
            env=dict(os.environ),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
