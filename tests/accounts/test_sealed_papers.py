"""Papers the platform seals: after the act, once, whatever the authority does; and their check."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from accounts.forms import papers as paper_forms
from accounts.models import RevocationList
from accounts.selectors import paper, seals_due
from accounts.services import due, sealing_papers
from core import clock as core_clock
from core.pades import cage, reading, signing
from simulators.kit.pki import FIRST_DAY, LAST_DAY, root_at
from tests import seals
from tests.seals import NOON, continued, drawn, flipped, locked

pytestmark = pytest.mark.django_db
ADDRESS = "/verify/paper"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    return seals.office(tmp_path_factory.mktemp("office"), clock=core_clock.now)


@pytest.fixture(scope="module")
def sealed(office):
    """A paper the platform sealed."""
    return office.seal(drawn(), ask=_asking(office))


def _asking(office, *, at=NOON):
    """Have the authority answer as it would have at a moment."""
    return replace(office.tsa, clock=lambda: at).answer


@pytest.fixture
def installed(office, settings, tmp_path, clock):
    """The seal and the authorities of this installation; nobody answers at the authority's door."""
    office.install(settings)
    settings.TSA_URL = "http://127.0.0.1:9/"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    listed(office, at=clock.now())
    return office


def listed(office, *revoked, at):
    """Keep a list of the authority, on which only these certificates stand."""
    RevocationList.objects.all().delete()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(office.root.certificate.subject)
        .last_update(at)
        .next_update(at + timedelta(days=7))
    )
    for serial, since in revoked:
        row = x509.RevokedCertificateBuilder(serial, since, [])
        builder = builder.add_revoked_certificate(row.build())
    der = builder.sign(office.root.key, hashes.SHA256()).public_bytes(Encoding.DER)
    RevocationList.objects.create(
        issuer="DEMO",
        sha256=hashlib.sha256(der).hexdigest(),
        der=der,
        this_update=at,
        next_update=at + timedelta(days=7),
        fetched_at=at,
    )


@pytest.fixture
def tsa(installed, settings):
    """The authority answers; the queries it saw."""
    with seals.answering(installed.tsa) as (address, seen):
        settings.TSA_URL = address
        yield seen


def kept(content=None, *, now):
    """A paper an act has just kept."""
    content = content or drawn()
    name = default_storage.save("papers/record.pdf", ContentFile(content))
    return sealing_papers.want(file=name, content=content, now=now)


def stored(name):
    with default_storage.open(name) as file:
        return file.read()


class TestSealing:
    def test_seals_what_was_kept_and_keeps_the_kept_one(self, tsa, clock):
        wanted = kept(now=clock.now())
        clock.advance(minutes=2)
        assert sealing_papers.seal_due(now=clock.now()) == 1
        given = paper(wanted.file)
        content = stored(given.file)
        (found,) = reading.seals(io.BytesIO(content))
        assert (found.intact, found.whole) == (True, True)
        assert given.sealed_at == clock.now()
        assert content[: wanted.size] == stored(wanted.file) == drawn()
        assert hashlib.sha256(content[: wanted.size]).hexdigest() == wanted.sha256
        wanted.refresh_from_db()
        assert wanted.stamped_at == clock.now()
        assert wanted.sealed_sha256 == hashlib.sha256(content).hexdigest()

    def test_waits_for_an_authority_that_is_silent_and_loses_nothing(
        self, installed, settings, clock
    ):
        wanted = kept(now=clock.now())
        assert sealing_papers.seal_due(now=clock.now()) == 0
        assert (paper(wanted.file).file, paper(wanted.file).is_waiting) == (wanted.file, True)
        assert stored(wanted.file) == drawn()
        assert not seals_due(clock.now())  # it is given a moment
        with seals.answering(installed.tsa) as (address, seen):
            settings.TSA_URL = address
            assert sealing_papers.seal_due(now=clock.now()) == 0
            clock.advance(seconds=10)
            assert seals_due(clock.now())
            assert sealing_papers.seal_due(now=clock.now()) == 1
            assert sealing_papers.seal_due(now=clock.now()) == 0
        assert len(seen) == 1
        assert not paper(wanted.file).is_waiting

    def test_leaves_one_seal_when_two_workers_meet(self, tsa, clock, monkeypatch):
        wanted = kept(now=clock.now())
        read = reading.seals

        def slowly(file):
            monkeypatch.setattr(reading, "seals", read)
            assert sealing_papers.seal_due(now=clock.now()) == 1  # the other one overtakes
            return read(file)

        monkeypatch.setattr(reading, "seals", slowly)
        assert sealing_papers.seal_due(now=clock.now()) == 0
        wanted.refresh_from_db()
        assert default_storage.listdir("sealed-papers")[1] == [
            wanted.sealed_file.removeprefix("sealed-papers/")
        ]

    def test_seals_nothing_but_what_was_issued(self, tsa, clock, caplog):
        wanted, other = kept(now=clock.now()), kept(now=clock.now())
        default_storage.delete(wanted.file)
        default_storage.save(wanted.file, ContentFile(drawn("两家。")))
        assert sealing_papers.seal_due(now=clock.now()) == 1
        assert "is not the one that was issued" in caplog.text
        assert (paper(wanted.file).sealed_at, bool(paper(other.file).sealed_at)) == (None, True)

    def test_takes_no_timestamp_of_an_authority_it_does_not_know(
        self, tsa, clock, settings, tmp_path, caplog
    ):
        settings.TSA_ROOT_FILE = str(root_at(tmp_path / "other", common_name="Other").path)
        wanted = kept(now=clock.now())
        assert sealing_papers.seal_due(now=clock.now()) == 0
        assert "cannot be sealed" in caplog.text
        assert paper(wanted.file).is_waiting

    def test_is_asked_for_by_the_clock_while_there_is_something_to_seal(self, tsa, clock):
        wanted = kept(now=clock.now())
        due.tick(clock.now())
        due.tick(clock.now())
        asked = DBTaskResult.objects.filter(task_path="accounts.tasks.seal_papers")
        assert asked.count() == 1
        assert sealing_papers.seal_due(now=clock.now()) == 1
        asked.delete()
        due.tick(clock.now())
        assert not asked.exists()
        assert paper(wanted.file).sealed_at

    def test_is_asked_for_at_once_by_the_act(self, tsa, clock, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            kept(now=clock.now())
        assert DBTaskResult.objects.filter(task_path="accounts.tasks.seal_papers").exists()

    def test_leaves_a_platform_without_a_seal_as_it_is(self, tsa, clock, settings, tmp_path):
        settings.SEAL_KEY_FILE = str(tmp_path / "nothing.key")
        wanted = kept(now=clock.now())
        assert sealing_papers.seal_due(now=clock.now()) == 0
        given = paper(wanted.file)
        assert (given.file, given.is_waiting) == (wanted.file, False)


@pytest.fixture
def uncaged(monkeypatch):
    """Read in this process: the cage has tests of its own, and takes a second."""
    monkeypatch.setattr(cage, "seals", reading.seals)


def checked(client, content, name="record.pdf"):
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, content)})


def said(answer):
    return " ".join(answer.content.decode().split())


class TestCheckingAPaper:
    def test_says_who_sealed_it_when_and_that_nothing_changed(self, client, installed, sealed):
        answer = checked(client, sealed)
        assert answer.status_code == 200
        page = said(answer)
        assert "真实：公共资源交易平台（演示） 于 2026-11-23 12:00:00 盖章，之后未改动" in page
        assert "由本平台认可的机构签发，盖章时有效" in page
        assert "DEMO Timestamp 衡平演示时间戳" in page
        assert "演示证书，无法律效力" in page
        assert "暂无吊销列表" not in page

    def test_names_the_original_of_a_paper_we_keep(self, client, uncaged, tsa, clock):
        wanted = kept(now=clock.now())
        sealing_papers.seal_due(now=clock.now())
        page = said(checked(client, stored(paper(wanted.file).file)))
        assert f"文件的前 {wanted.size} 字节" in page
        assert wanted.sha256 in page

    def test_says_that_it_was_altered(self, client, uncaged, installed, sealed):
        answer = checked(client, flipped(sealed, at=700))
        page = said(answer)
        assert "盖章后内容被改动" in page
        assert not answer.context["checked"].holds
        assert "真实：" not in page

    def test_says_that_something_was_added(self, client, uncaged, installed, sealed):
        answer = checked(client, continued(sealed))
        page = said(answer)
        assert "盖章后追加过内容" in page
        assert not answer.context["checked"].holds
        assert "真实：" not in page

    def test_says_that_there_is_no_seal(self, client, uncaged, installed):
        answer = checked(client, drawn())
        assert answer.status_code == 200
        assert "没有电子签章" in said(answer)

    @pytest.mark.parametrize(
        ("content", "code"),
        [(b"PK\x03\x04 no pdf", "A-211"), (locked(drawn()), "A-212"), (seals.bomb(), "A-213")],
        ids=["no PDF", "a password", "a bomb"],
    )
    def test_refuses_what_it_cannot_read(self, client, installed, content, code):
        answer = checked(client, content)
        assert answer.status_code == 422
        assert code in said(answer)

    def test_refuses_a_file_too_large_in_words(self, client, installed, monkeypatch):
        monkeypatch.setattr(paper_forms, "LARGEST", 1000)
        answer = checked(client, drawn())
        assert answer.status_code == 422
        assert "文件过大：不超过 20 MB。" in said(answer)

    def test_asks_for_a_file(self, client, installed):
        assert client.get(ADDRESS).status_code == 200
        assert "请选择要核验的 PDF 文件" in said(client.post(ADDRESS))

    def test_asks_for_patience_when_many_come(self, client, installed, sealed, monkeypatch):
        monkeypatch.setattr(cage, "PATIENCE_SECONDS", 0.01)
        with cage._turns, cage._turns:
            answer = checked(client, sealed)
        assert answer.status_code == 429
        assert "A-214" in said(answer)

    def test_keeps_nothing_of_what_was_brought(self, client, uncaged, installed, sealed, tmp_path):
        with CaptureQueriesContext(connection) as spent:
            checked(client, sealed)
        assert not [q for q in spent if q["sql"].startswith(("INSERT", "UPDATE"))]
        assert not list((tmp_path / "files").rglob("*"))

    def test_stands_beside_the_check_of_a_receipt(self, client, installed):
        for page in ("/verify", "/help"):
            assert 'href="/verify/paper"' in client.get(page).content.decode()


@pytest.mark.usefixtures("uncaged")
class TestTheWorthOfASeal:
    def test_of_somebody_else_is_not_ours_even_under_our_authority(self, client, installed):
        by = seals.holder(installed.root, not_before=FIRST_DAY, not_after=LAST_DAY)
        page = said(checked(client, installed.seal(drawn(), by=by)))
        assert "不是本平台的电子签章" in page
        assert "某单位" in page
        assert "真实：" not in page

    def test_under_another_authority_is_not_believed(
        self, client, installed, sealed, settings, tmp_path
    ):
        settings.CA_ROOT_FILE = str(root_at(tmp_path / "other", common_name="Other").path)
        page = said(checked(client, sealed))
        assert "不是由本平台认可的机构签发" in page
        assert "内容未改动，但签章不能完全确认" in page

    def test_is_judged_by_the_day_it_was_set(self, client, installed, settings, tmp_path, clock):
        ends = NOON + timedelta(days=30)
        by = seals.holder(installed.root, not_before=NOON - timedelta(days=1), not_after=ends)
        ours(settings, tmp_path, by)
        paper = installed.seal(drawn(), by=by, ask=_asking(installed))
        clock.set(ends + timedelta(days=1))
        assert "真实：" in said(checked(client, paper))
        late = installed.seal(drawn(), by=by, ask=_asking(installed, at=clock.now()))
        page = said(checked(client, late))
        assert "盖章时不在有效期内" in page
        assert "真实：" not in page

    def test_without_a_timestamp_rests_on_today(
        self, client, installed, settings, tmp_path, clock, monkeypatch
    ):
        monkeypatch.setattr(signing, "_Authority", lambda ask: None)
        page = said(checked(client, installed.seal(drawn())))
        assert "没有时间戳" in page
        assert "由本平台认可的机构签发，现在有效" in page
        assert "盖章人自称的时间：2026-11-23 12:00:00" in page
        assert "真实：" not in page

    def test_with_a_timestamp_of_a_stranger_is_not_believed(
        self, client, installed, sealed, settings, tmp_path
    ):
        settings.TSA_ROOT_FILE = str(root_at(tmp_path / "other", common_name="Other").path)
        page = said(checked(client, sealed))
        assert "时间戳不可信" in page
        assert "真实：" not in page

    @pytest.mark.parametrize(("hours", "words"), [(-1, "已被吊销"), (1, "真实：")])
    def test_ends_with_a_certificate_that_was_revoked_before(
        self, client, installed, sealed, clock, hours, words
    ):
        serial = installed.by.certificate.serial_number
        listed(installed, (serial, NOON + timedelta(hours=hours)), at=clock.now())
        assert words in said(checked(client, sealed))

    def test_without_a_list_of_revoked_ones_is_not_confirmed(self, client, installed, sealed):
        RevocationList.objects.all().delete()
        page = said(checked(client, sealed))
        assert "未核对是否吊销" in page
        assert "真实：" not in page

    def test_of_a_former_key_is_still_ours(self, client, installed, sealed, settings, tmp_path):
        new = seals.holder(installed.root, not_before=FIRST_DAY, not_after=LAST_DAY)
        ours(settings, tmp_path, new, installed.by)
        assert "真实：" in said(checked(client, sealed))
        ours(settings, tmp_path, new)
        assert "不是本平台的电子签章" in said(checked(client, sealed))


def ours(settings, folder, *held):
    """Name these certificates as the platform's."""
    path = folder / f"seals-{len(held)}-{held[0].certificate.serial_number}.pem"
    path.write_bytes(b"".join(one.certificate.public_bytes(Encoding.PEM) for one in held))
    settings.SEAL_CERTIFICATES_FILE = str(path)
