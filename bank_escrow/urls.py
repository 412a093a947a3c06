"""Addresses of this app: finance's pages, and the door banks knock at."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from bank_escrow.views import deciding, finance, hands, notices, proposing

app_name = "bank_escrow"
urlpatterns: list[URLPattern | URLResolver] = [
    path("finance", finance.monitor, name="monitor"),
    path("finance/deposits/<uuid:deposit>", proposing.journal, name="journal"),
    path(
        "finance/deposits/<uuid:deposit>/propose", proposing.propose_deposit, name="propose-deposit"
    ),
    path("finance/breaks", proposing.breaks, name="breaks"),
    path("finance/breaks/<uuid:difference>", proposing.show_break, name="break"),
    path("finance/breaks/<uuid:difference>/propose", proposing.propose_break, name="propose-break"),
    path("finance/banks", proposing.banks, name="banks"),
    path("finance/payees", proposing.payees, name="payees"),
    path("finance/proposals", deciding.proposals, name="proposals"),
    path("finance/proposals/<uuid:proposal>", deciding.show, name="proposal"),
    path("finance/proposals/<uuid:proposal>/document", deciding.document, name="document"),
    path("finance/proposals/<uuid:proposal>/confirm", deciding.confirm, name="confirm"),
    path("finance/proposals/<uuid:proposal>/refuse", deciding.refuse, name="refuse-proposal"),
    path("finance/proposals/<uuid:proposal>/withdraw", deciding.withdraw, name="withdraw-proposal"),
    path("finance/refunds", hands.refunds, name="refunds"),
    path("finance/refunds/prepare", hands.prepare, name="prepare"),
    path("finance/strays/<uuid:credit>/order", hands.return_stray, name="return-stray"),
    path("finance/refunds/submit", hands.submit, name="submit"),
    path("finance/refunds/approve", hands.approve, name="approve"),
    path("finance/refunds/release", hands.release, name="release"),
    path("finance/refunds/<uuid:order>/refuse", hands.refuse, name="refuse"),
    path("finance/refunds/<uuid:order>/cancel", hands.cancel, name="cancel"),
    path("bank/<slug:code>/notify", notices.notify, name="notify"),
]
