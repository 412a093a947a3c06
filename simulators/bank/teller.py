"""The teller: each message of the wire as one act in one transaction, whatever the dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from simulators.bank import books as bookkeeping
from simulators.bank import faults, notices, payments, statements, transfers, truth
from simulators.bank.books import Books, Hour, as_wire
from simulators.bank.faults import Fault
from simulators.bank.payments import Payments, SerialReusedError
from simulators.bank.profiles import Profile
from simulators.kit.routes import RefusedError
from simulators.kit.store import Store

SCHEMA = (
    bookkeeping.SCHEMA
    + payments.SCHEMA
    + statements.SCHEMA
    + notices.SCHEMA
    + faults.SCHEMA
    + transfers.SCHEMA
)

Clock = Callable[[], datetime]


class Teller:
    """Acts on the books of one bank."""

    def __init__(self, *, profile: Profile, store: Store, clock: Clock) -> None:
        self.profile = profile
        self.store = store
        self._clock = clock

    @contextmanager
    def _open(self) -> Iterator[tuple[Books, Hour]]:
        with self.store.transaction() as connection:
            books = Books(connection=connection, profile=self.profile)
            hour = books.hour(self._clock())
            self._book_due(books, hour)
            yield books, hour

    # Questions and orders of the platform

    def fault(self, message: str) -> Fault:
        """Ask the plan what is to go wrong with this message."""
        with self.store.transaction() as connection:
            return faults.decide(connection, message)

    def hour(self) -> Hour:
        """Return the bank's present hour."""
        with self._open() as (_, hour):
            return hour

    def describe(self) -> dict[str, Any]:
        """PING: who this bank is and which habits it has."""
        profile = self.profile
        return {
            "bank": profile.code,
            "name": profile.name,
            "bank_day": self.hour().bank_day.isoformat(),
            "day_switch": f"{profile.day_switch:%H:%M}",
            "rates": [
                {"valid_from": rate.valid_from.isoformat(), "annual": str(rate.annual)}
                for rate in profile.rates
            ],
            "dedupe": profile.dedupe,
            "query_scope": "all",
        }

    def open_sub(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """OPEN_SUB: open a sub-account, once per request number."""
        with self._open() as (books, hour):
            sql = books.connection
            row = sql.execute(
                "SELECT * FROM accounts WHERE request_no = ?", (request["request_no"],)
            ).fetchone()
            if row is None:
                self._open_parent(books, request["parent_account"], hour)
                sql.execute(
                    "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        books.new_number(),
                        request["parent_account"],
                        request["name"],
                        request["opaque_ref"],
                        request["request_no"],
                        hour.bank_day.isoformat(),
                    ),
                )
                row = sql.execute(
                    "SELECT * FROM accounts WHERE request_no = ?", (request["request_no"],)
                ).fetchone()
            elif (row["parent"], row["name"], row["opaque_ref"]) != (
                request["parent_account"],
                request["name"],
                request["opaque_ref"],
            ):
                raise RefusedError(409, "REQUEST_NO_REUSED", "请求号已用于其他内容")
            return {
                "account": row["account"],
                "name": row["name"],
                "parent_account": row["parent"],
                "opened_on": row["opened_on"],
            }

    def transactions(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """QUERY_TXN: a page of entries in the order of booking."""
        limit, after = request["limit"], int(request["cursor"] or 0)
        with self._open() as (books, _):
            if request["account"] is not None:
                self._known(books, request["account"])
            rows = books.connection.execute(
                "SELECT * FROM entries WHERE seq > ? AND bank_day BETWEEN ? AND ?"
                " AND (account = ? OR ? IS NULL) ORDER BY seq LIMIT ?",
                (
                    after,
                    request["from_day"].isoformat(),
                    request["to_day"].isoformat(),
                    request["account"],
                    request["account"],
                    limit + 1,
                ),
            ).fetchall()
        page = rows[:limit]
        return {
            "entries": [as_wire(row) for row in page],
            "cursor": str(page[-1]["seq"] if page else after),
            "more": len(rows) > limit,
        }

    def balance(self, account: str) -> dict[str, Any]:
        """BALANCE: of one account, now."""
        with self._open() as (books, hour):
            self._known(books, account)
            return {
                "account": account,
                "balance_fen": books.balance(account),
                "as_of": hour.stamp,
            }

    def refund(self, request: Mapping[str, Any], *, fault: Fault) -> dict[str, Any]:
        """REFUND: take in an instruction."""
        with self._open() as (books, hour):
            try:
                return Payments(books=books).take(request, hour=hour, fault=fault)
            except SerialReusedError:
                raise RefusedError(409, "SERIAL_REUSED", "流水号当日已用于其他内容") from None

    def queue(self, request: Mapping[str, Any]) -> None:
        """REFUND that stays in the front-end queue."""
        with self._open() as (books, _):
            Payments(books=books).queue(request)

    def query_refund(self, serial: str, day: date) -> dict[str, Any]:
        """QUERY_REFUND: the payment as it stands, or NOT_FOUND."""
        with self._open() as (books, hour):
            desk = Payments(books=books)
            found, executes = desk.query(serial, day)
            if executes:
                self._tell_result(books, desk.settle(serial, day, hour=hour), hour)
        return found or not_found(serial, day)

    def cancel(self, serial: str, day: date) -> dict[str, Any]:
        """CANCEL: stop a payment for certain, or say that it is too late."""
        with self._open() as (books, hour):
            result, changed = Payments(books=books).cancel(serial, day, hour=hour)
            if changed is not None:
                self._tell_result(books, changed, hour)
        return {"serial": serial, "bank_day": day.isoformat(), "result": result}

    def day_end(self, day: date, parent: str) -> dict[str, Any]:
        """DAY_END: the final statement of a day that is over."""
        with self._open() as (books, hour):
            self._known(books, parent)
            if day >= hour.bank_day:
                raise RefusedError(404, "STATEMENT_NOT_READY", "该银行日尚未结束")
            return statements.statement(books, bank_day=day, parent=parent)

    # The payer's door

    def transfer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Let another bank's customer send money, now or at the instant the request names."""
        with self._open() as (books, hour):
            self._known(books, request["to_account"])
            try:
                row = transfers.take(books, request, hour=hour)
            except transfers.TransferIdReusedError:
                raise RefusedError(409, "TRANSFER_ID_REUSED", "转账编号已用于其他内容") from None
            self._book_due(books, hour)
            return transfers.state(books, row)

    def received(self, account: str) -> list[dict[str, Any]]:
        """Return what a customer of another bank got from here."""
        with self._open() as (books, _):
            return transfers.received(books, account)

    def catch_up(self) -> None:
        """Book the transfers whose instant has come."""
        with self._open():
            pass

    # The truth door

    def settle(self, serial: str, day: date, *, fail_code: str | None) -> dict[str, Any]:
        """End a payment that is in hand."""
        with self._open() as (books, hour):
            try:
                payment = Payments(books=books).settle(serial, day, hour=hour, fail_code=fail_code)
            except LookupError:
                raise RefusedError(404, "NOT_IN_HAND", "没有处理中的该笔支付") from None
            self._tell_result(books, payment, hour)
            return payment

    def flush(self) -> list[dict[str, Any]]:
        """Execute the front-end queue."""
        with self._open() as (books, hour):
            done = Payments(books=books).flush(hour=hour)
            for payment in done:
                self._tell_result(books, payment, hour)
            return done

    def bring_back(self, serial: str, day: date) -> dict[str, Any]:
        """Return a payment's principal."""
        with self._open() as (books, hour):
            try:
                entry = Payments(books=books).bring_back(serial, day, hour=hour)
            except LookupError:
                raise RefusedError(404, "NOT_DONE", "没有已完成且未退汇的该笔支付") from None
            self._tell_credit(books, entry, hour)
            return entry

    def close_payer(self, account: str) -> None:
        """Close an account at the other bank."""
        with self._open() as (books, _):
            books.connection.execute("INSERT OR IGNORE INTO closed_payers VALUES (?)", (account,))

    def plan(self, *, seed: int, rules: list[Any]) -> None:
        """Replace the plan of faults."""
        with self.store.transaction() as connection:
            faults.plan(connection, seed=seed, rules=rules)

    def truth(self, what: str) -> dict[str, Any]:
        """Show what the bank really did."""
        with self._open() as (books, _):
            if what not in truth.SHOWN:
                raise RefusedError(404, "UNKNOWN_PATH", "没有此接口")
            return {what: truth.SHOWN[what](books)}

    # Within a transaction

    def _known(self, books: Books, account: str) -> None:
        if books.account(account) is None:
            raise RefusedError(404, "ACCOUNT_UNKNOWN", "账号不存在")

    def _open_parent(self, books: Books, number: str, hour: Hour) -> None:
        row = books.account(number)
        if row is not None and row["parent"] is not None:
            raise RefusedError(400, "BAD_REQUEST", "'parent_account' is itself a sub-account")
        if row is None:
            books.connection.execute(
                "INSERT INTO accounts VALUES (?, NULL, '', NULL, NULL, ?)",
                (number, hour.bank_day.isoformat()),
            )

    def _book_due(self, books: Books, hour: Hour) -> None:
        for entry in transfers.book_due(books, hour=hour):
            self._tell_credit(books, entry, hour)

    def _tell_credit(self, books: Books, entry: Mapping[str, Any], hour: Hour) -> None:
        self._tell(books, "CREDIT_NOTIFY", {"at": hour.stamp, "entry": entry})

    def _tell_result(self, books: Books, payment: Mapping[str, Any], hour: Hour) -> None:
        self._tell(books, "REFUND_RESULT", {"at": hour.stamp, "payment": payment})

    def _tell(self, books: Books, kind: str, content: Mapping[str, Any]) -> None:
        identity = {"simulator": self.profile.name, "bank": self.profile.code}
        notices.write(books.connection, kind=kind, identity=identity, content=content)


def not_found(serial: str, day: date) -> dict[str, Any]:
    """Say that the books do not know a payment at this moment, which is not that it failed."""
    return {"serial": serial, "bank_day": day.isoformat(), "status": "NOT_FOUND"}
