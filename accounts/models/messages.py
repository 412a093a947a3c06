"""What people are told, what leaves by e-mail or SMS, and what awaits them on their desk."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models.organisations import Organisation
from accounts.models.people import Person


class SecretMatter(models.Model):
    """Something whose participants nobody may know yet: a tender before its opening.

    `id` is opaque here. As long as the row stands, messages about the matter are sealed.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    since = models.DateTimeField()


class Message(models.Model):
    """One message to one person; reading it leaves a read receipt.

    About a secret matter the row names nobody: `box` is a keyed hash of matter and person, by
    which the person finds it, and everything else lies in `sealed`. Only `services.messages`
    seals and reads it.
    """

    class Level(models.TextChoices):
        """How much it asks of the reader."""

        ACT = "act", _("需要办理")
        CHANGED = "changed", _("有变化")
        INFO = "info", _("通知")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="inbox")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True)
    matter = models.ForeignKey(
        SecretMatter, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    box = models.BinaryField(max_length=32, null=True)
    sealed = models.BinaryField(null=True)
    kind = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=Level.choices)
    # What was said stays said: in both languages, in the words of that day.
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    subject_en = models.CharField(max_length=300, blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_to_a_person_or_sealed",
                condition=models.Q(
                    person__isnull=False,
                    matter__isnull=True,
                    box__isnull=True,
                    sealed__isnull=True,
                )
                | models.Q(
                    person__isnull=True,
                    organisation__isnull=True,
                    matter__isnull=False,
                    box__isnull=False,
                    sealed__isnull=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="message_inbox"),
            models.Index(fields=["box"], name="message_box", condition=models.Q(box__isnull=False)),
        ]

    @property
    def shown_subject(self) -> str:
        """The subject for the page being read."""
        return (get_language() == "en" and self.subject_en) or self.subject

    @property
    def shown_body(self) -> str:
        """The body for the page being read."""
        return (get_language() == "en" and self.body_en) or self.body


class Outgoing(models.Model):
    """A copy of a message on its way out; `services.due.tick` sends it and tries again.

    A copy of a sealed message keeps its address and its words in `sealed`.
    """

    class Channel(models.TextChoices):
        """By which door it leaves."""

        EMAIL = "email", _("电子邮件")
        SMS = "sms", _("短信")

    class State(models.TextChoices):
        """Where it stands."""

        DUE = "DUE", _("待发送")
        SENT = "SENT", _("已发送")
        GIVEN_UP = "GIVEN_UP", _("未送达")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="outgoing_due", condition=models.Q(state="DUE")),
        ]


class Todo(models.Model):
    """One line of 今天要做的事, written and ended by the app that knows the work."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="todos")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="todos"
    )
    # The app's own name for the work, such as "trading.sign-record/<lot>".
    key = models.CharField(max_length=160)
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=300, blank=True)
    link = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="todo_of_person_or_organisation",
                condition=models.Q(person__isnull=True) ^ models.Q(organisation__isnull=True),
            ),
            models.UniqueConstraint(
                name="todo_open_once",
                fields=["person", "organisation", "key"],
                condition=models.Q(done_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    @property
    def shown_text(self) -> str:
        """The line for the page being read."""
        return (get_language() == "en" and self.text_en) or self.text
