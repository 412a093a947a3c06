"""What `./dev` puts into its virtual environment besides packages."""

from __future__ import annotations

import json
import subprocess

from devtools.preparing import write_entry_point


class TestTheEntryPoint:
    def test_runs_the_checkout_from_any_folder(self, tmp_path):
        write_entry_point(tmp_path / "ggzy-bid")
        # A folder of this name where somebody stands must not be taken for ours.
        (tmp_path / "sealing").mkdir()
        (tmp_path / "sealing" / "__init__.py").touch()
        ran = subprocess.run(
            [tmp_path / "ggzy-bid", "inspect", "no such file"],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 2, ran.stderr
        answer = json.loads(ran.stdout)
        assert (answer["command"], answer["ok"]) == ("inspect", False)
        assert "no such file" in answer["error"]["detail"]

    def test_is_written_once(self, tmp_path):
        script = tmp_path / "ggzy-bid"
        write_entry_point(script)
        before = script.stat()
        write_entry_point(script)
        assert script.stat().st_ino == before.st_ino
        script.write_text("#!/bin/sh\nexit 9\n")
        write_entry_point(script)
        assert "sealing" in script.read_text()
        assert [entry.name for entry in tmp_path.iterdir()] == ["ggzy-bid"]
