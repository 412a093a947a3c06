"""Seals on PDFs: what they cover, what breaks them, and a parser that can break nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace

import pytest
from asn1crypto import x509  # type: ignore[import-untyped]  # has no stubs
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from core.pades import cage, reading, signing
from core.pades.found import as_json, from_json
from core.pades.signing import ROOM
from core.pdf.furniture import HEAD_TOP
from core.pdf.style import MARGIN_SIDE, PAGE_HEIGHT, PAGE_WIDTH
from simulators.kit.pki import FIRST_DAY, root_at
from tests import seals
from tests.seals import NOON, continued, drawn, flipped, locked


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return seals.office(tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def sealed(office):
    return office.seal(drawn())


def read(content):
    (found,) = reading.seals(io.BytesIO(content))
    return found


def judged(content, *, roots, stamp_roots, at=NOON):
    """Ask the library's own validator, which knows nothing of ours."""
    (signature,) = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    return validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=roots, moment=at),
        ValidationContext(trust_roots=stamp_roots, moment=at),
    )


def asn1(*certificates):
    return [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]


class TestASeal:
    def test_is_found_intact_and_trusted_with_its_timestamp_by_another_validator(
        self, office, sealed
    ):
        status = judged(
            sealed,
            roots=asn1(office.root.certificate),
            stamp_roots=asn1(office.tsa.root.certificate),
        )
        assert status.bottom_line
        assert status.coverage.name == "ENTIRE_FILE"
        assert status.docmdp_ok
        assert status.timestamp_validity.trusted
        assert status.timestamp_validity.timestamp == NOON

    def test_is_not_trusted_under_the_root_of_somebody_else(self, office, sealed, tmp_path):
        other = root_at(tmp_path, common_name="Other").certificate
        stamped = asn1(office.tsa.root.certificate)
        status = judged(sealed, roots=asn1(other), stamp_roots=stamped)
        assert (status.intact, status.trusted) == (True, False)

    def test_of_an_ended_certificate_is_not_trusted(self, office):
        by = seals.holder(office.root, not_before=FIRST_DAY, not_after=NOON - timedelta(days=1))
        roots = asn1(office.root.certificate)
        stamped = asn1(office.tsa.root.certificate)
        late = judged(office.seal(drawn(), by=by), roots=roots, stamp_roots=stamped)
        assert (late.intact, late.trusted) == (True, False)

    def test_allows_no_later_change(self, sealed):
        (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures
        assert signature.docmdp_level is MDPPerm.NO_CHANGES

    def test_leaves_the_first_bytes_as_they_were(self, sealed):
        original = drawn()
        assert sealed[: len(original)] == original
        assert len(sealed) > len(original) + ROOM

    def test_shows_who_sealed_and_when_in_an_embedded_typeface(self, sealed):
        page = PdfReader(io.BytesIO(sealed)).pages[0]
        (mark,) = (one.get_object() for one in page["/Annots"])
        form = next(iter(mark["/AP"]["/N"]["/Resources"]["/XObject"].values())).get_object()
        fonts = [one.get_object() for one in form["/Resources"]["/Font"].values()]
        drawn_with = [one for one in fonts if "NotoSansSC" in one["/BaseFont"]]
        assert len(drawn_with) == 2
        assert all("/FontFile2" in one["/FontDescriptor"] for one in drawn_with)
        _, bottom, right, _ = map(float, mark["/Rect"])
        assert bottom > PAGE_HEIGHT - HEAD_TOP
        assert right <= round(PAGE_WIDTH - MARGIN_SIDE)

    def test_asks_the_authority_once(self, office):
        queries = []

        def ask(query):
            queries.append(query)
            return office.tsa.answer(query)

        office.seal(drawn(), ask=ask)
        assert len(queries) == 1

    def test_does_not_come_about_without_a_timestamp(self, office):
        def silent(query):
            raise ConnectionRefusedError

        with pytest.raises(ConnectionRefusedError):
            office.seal(drawn(), ask=silent)


class TestReading:
    def test_tells_a_whole_seal_and_who_set_it(self, office, sealed):
        found = read(sealed)
        assert (found.intact, found.whole, found.claimed_at) == (True, True, NOON)
        assert asn1(office.by.certificate)[0].dump() == found.certificate
        assert found.token

    @pytest.mark.parametrize("at", [100, 700, -60])
    def test_tells_one_changed_bit(self, sealed, at):
        spoiled = flipped(sealed, at=at % len(sealed))
        try:
            found = reading.seals(io.BytesIO(spoiled))
        except reading.Unreadable:
            return  # so much broken that there is nothing to be taken in by
        assert not [one for one in found if one.intact and one.whole]

    def test_tells_what_was_appended(self, sealed):
        for longer in (continued(sealed), sealed + b"\n%more"):
            found = read(longer)
            assert (found.intact, found.whole) == (True, False)

    @pytest.mark.parametrize(
        ("gap", "whole"),
        [
            (b"<cafe>", True),
            (b"<CAFE>", True),
            (b"(cafe>", False),
            (b"<cafe)", False),
            (b"<beef>", False),
        ],
    )
    def test_takes_only_the_signature_itself_for_unsigned(self, gap, whole):
        # Whoever could choose what stands in the gap would write there what nobody signed.
        file = io.BytesIO(b"before" + gap + b"after")
        found = SimpleNamespace(byte_range=[0, 6, 12, 5], pkcs7_content=b"\xca\xfe")
        assert reading._covers_all(found, file) is whole

    @pytest.mark.parametrize("ranges", [[1, 5, 12, 5], [0, 6, 12, 4], [0, 6, 11, 6], [0, 6], []])
    def test_takes_no_other_ranges_for_the_whole_file(self, ranges):
        file = io.BytesIO(b"before<cafe>after")
        found = SimpleNamespace(byte_range=ranges, pkcs7_content=b"\xca\xfe")
        assert not reading._covers_all(found, file)

    def test_finds_no_timestamp_where_there_is_none(self, office, monkeypatch):
        monkeypatch.setattr(signing, "_Authority", lambda ask: None)
        assert read(office.seal(drawn())).token == b""

    def test_finds_nothing_on_a_paper_that_was_never_sealed(self):
        assert reading.seals(io.BytesIO(drawn())) == ()

    def test_says_that_a_password_is_asked_for(self):
        with pytest.raises(reading.Locked):
            reading.seals(io.BytesIO(locked(drawn())))

    @pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n" + b"[" * 100_000])
    def test_says_that_something_is_no_pdf(self, content):
        with pytest.raises(reading.Unreadable):
            reading.seals(io.BytesIO(content))

    def test_hands_its_facts_over_unchanged(self, sealed):
        found = read(sealed)
        assert from_json(as_json(found)) == found


class TestTheCage:
    def test_gives_what_reading_gives(self, sealed):
        assert cage.seals(io.BytesIO(sealed)) == (read(sealed),)

    @pytest.mark.parametrize("want", ["memory", "time", "disk"])
    def test_ends_a_child_that_wants_too_much(self, monkeypatch, want):
        monkeypatch.setattr(cage, "CHILD", "tests.core.greedy")
        with pytest.raises(cage.Refused, match="exhausted"):
            cage.seals(io.BytesIO(b"%PDF- " + want.encode()))

    def test_hands_no_secret_to_the_child(self, monkeypatch):
        monkeypatch.setattr(cage, "CHILD", "tests.core.greedy")
        with pytest.raises(cage.Refused) as refused:
            cage.seals(io.BytesIO(b"%PDF- secrets"))
        assert refused.value.cause == ""

    def test_asks_no_child_about_what_does_not_begin_like_a_pdf(self, monkeypatch):
        monkeypatch.setattr(cage, "CHILD", "nobody.home")
        with pytest.raises(cage.Refused, match="unreadable"):
            cage.seals(io.BytesIO(b"PK\x03\x04"))

    def test_lets_few_in_at_once(self, monkeypatch, sealed):
        monkeypatch.setattr(cage, "PATIENCE_SECONDS", 0.01)
        with cage._turns, cage._turns, pytest.raises(cage.Refused, match="busy"):
            cage.seals(io.BytesIO(sealed))
