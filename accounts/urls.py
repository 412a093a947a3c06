"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from accounts.views import administration, desk, organisation, papers, passwords, sign_in, trail
from accounts.views import help as help_pages
from accounts.views import registration as reg

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login", sign_in.login, name="login"),
    path("login/challenge", sign_in.challenge, name="challenge"),
    path("login/certificate", sign_in.login_by_certificate, name="login-certificate"),
    path("logout", sign_in.logout, name="logout"),
    path("register", reg.register, name="register-last"),
    path("register/<slug:topic>", reg.topic, name="register"),
    path("password", passwords.forgotten, name="forgotten"),
    path("password/<str:key>/<str:token>", passwords.reset, name="reset"),
    path("preferences", desk.keep_preferences, name="preferences"),
    path("my", desk.desk, name="desk"),
    path("my/messages", desk.inbox, name="inbox"),
    path("my/messages/<uuid:message>", desk.message, name="message"),
    path("my/settings", desk.my_settings, name="settings"),
    path("my/password", passwords.change, name="password"),
    path("my/second-factor", sign_in.second_factor, name="second-factor"),
    path("my/organisation", desk.act_for, name="act-for"),
    path("org", organisation.data, name="organisation"),
    path("org/users", organisation.users, name="users"),
    path("org/users/<uuid:person>/dismiss", organisation.dismiss, name="dismiss"),
    path("org/certificates", organisation.certificates_list, name="certificates"),
    path("org/certificates/request", organisation.request_certificate, name="request-certificate"),
    path("org/certificates/bind", organisation.bind, name="bind"),
    path("org/certificates/<uuid:certificate>/release", organisation.release, name="release"),
    path("admin/people", administration.people, name="people"),
    path("verify/paper", papers.verify_paper, name="verify-paper"),
    path("audit", trail.trail, name="trail"),
    path("help", help_pages.index, name="help"),
    path("help/codes", help_pages.codes, name="codes"),
    path("help/<slug:slug>", help_pages.topic, name="help-topic"),
    path("accessibility", help_pages.accessibility, name="accessibility"),
]
