"""Generated papers: real PDFs, the same from the same seed, as large as asked for."""

from __future__ import annotations

import io

from pypdf import PdfReader

from stories import papers
from stories.story import BidFile


def asked(**changed):
    facts = {"part": "technical", "name": "技术标.pdf", "path": None}
    return BidFile(**(facts | {"pages": 3, "seed": 7, "megabytes": 0} | changed))


class TestAPaper:
    def test_has_the_pages_that_were_asked_for(self):
        content = papers.draw(title="技术标", firm="甲公司", pages=3, seed=7)
        assert len(PdfReader(io.BytesIO(content)).pages) == 3

    def test_is_the_same_from_the_same_seed_and_another_from_another(self, tmp_path):
        one = papers.make(asked(), title="技术标", firm="甲", into=tmp_path / "1").read_bytes()
        again = papers.make(asked(), title="技术标", firm="甲", into=tmp_path / "2").read_bytes()
        other = papers.make(asked(seed=8), title="技术标", firm="甲", into=tmp_path / "3")
        assert one == again
        assert one != other.read_bytes()

    def test_is_padded_to_its_megabytes_and_still_opens(self, tmp_path):
        path = papers.make(asked(megabytes=2), title="技术标", firm="甲", into=tmp_path)
        assert 2_000_000 <= path.stat().st_size < 2_010_000
        assert len(PdfReader(path).pages) == 3

    def test_from_disk_is_taken_as_it_is(self, tmp_path):
        mine = tmp_path / "mine.pdf"
        mine.write_bytes(b"%PDF-1.7 mine")
        assert papers.make(asked(path=mine), title="", firm="", into=tmp_path / "x") == mine
