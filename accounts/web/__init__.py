r'''The web kit: guards, acts and refusals that every app's views are written with.

Reading is a plain view under a guard; doing is an `@act`. Every view carries exactly one guard,
the outermost decorator:

- `@public`: open to everybody.
- `@requires(Role.TENDERER, Role.AGENCY)`: people who may use one of these roles. Nobody signed in:
  on to the sign-in page and back. Wrong role: 403 in words, or with `hidden=True` the page of a
  wrong address. Staff roles (`STAFF_ROLES`) count only after TOTP or certificate. No roles:
  anybody signed in.

`current(request)` tells who is there: `.person`, `.organisation`, `.roles`, `.has(...)`,
`.centres(role)`. Whether *this* tender is theirs is asked of a policy when it is loaded.

An act is a POST with a `command_id` (`{% command_id %}`); the same id twice is done once, the same
id with another body is refused (X-409). `purpose` makes it a signed act: fields `signature` and
`certificate` must hold a signature over `b"ggzy-sign/1\0" + purpose + b"\0" + body`, the body
being the canonical JSON of `web.bodies`. The view runs inside one transaction together with the
record of the command; `request.act` holds `now`, `actor`, `signature` for the service. It returns
`Done`: a page is redirected (303), a program (`Accept: application/json`) gets the reply.

Any view may raise a `Refusal`. In an act, a refusal or an invalid form rolls all back. With `page=`
(the plain function that draws the form) the same page is drawn again, `page.refused` in its
template holding the words, and the act's own address answers GET as well; without it the refusal
gets a page of its own. A program gets `{"error": {"code", "what", "why", "do"}}`, with `fields` for
a form. The status is 422 for a form, else what the app registered for the code
(`register_statuses({"T-010": 410})`), else 409.

A complete act, form and all, from an imaginary lot:

    def enquiry_page(request: HttpRequest, *, lot: UUID) -> HttpResponse:
        found = get_lot_for(current(request), lot, "ask")
        form = bound(request, EnquiryForm)
        return render(request, "trading/enquiry.html", {"lot": found, "form": form})


    @requires(Role.BIDDER)
    @act(purpose=None, page=enquiry_page)
    def ask(request: ActRequest, *, lot: UUID) -> Done:
        """Put a question about a lot."""
        found = get_lot_for(current(request), lot, "ask")
        form = checked(EnquiryForm(request.POST))
        enquiry = services.ask(
            lot=found, by=current(request).person, text=form.cleaned_data["text"],
            now=request.act.now,
        )
        return Done(
            redirect=reverse("trading:enquiries", kwargs={"lot": lot}),
            reply={"enquiry": str(enquiry.id)},
            message=_("问题已送出"),
        )

URL arguments reach views by name only. In the template, on top of the page:

    {% include "accounts/act_refused.html" %}
    <form method="post">{% csrf_token %}{% command_id %}{{ form }}<button …>…</button></form>

A signed form says what it signs, so that the browser builds the same body as the server; `page`
knows it for a form that posts to its own page, another names its act and arguments itself:

    <form method="post" data-sign="objection" data-act="{{ page.act_name }}"
          data-args="{{ page.act_args }}">{% csrf_token %}{% command_id %}{{ form }}
      {% include "parts/sign_block.html" with effect=effect %}</form>

Fields named by `act(secret=…)` (passwords) are no part of the body; a signed form lists them in
`data-secret`.
'''

from __future__ import annotations

from accounts.web.acts import Act, ActRequest, Done, act, checked
from accounts.web.citations import cited
from accounts.web.guards import public, requires
from accounts.web.refusals import bound, wants_json
from accounts.web.signed_in import SignedIn, current, signed_in
from accounts.web.statuses import register_statuses

__all__ = [
    "Act",
    "ActRequest",
    "Done",
    "SignedIn",
    "act",
    "bound",
    "checked",
    "cited",
    "current",
    "public",
    "register_statuses",
    "requires",
    "signed_in",
    "wants_json",
]
