"""The audit trail: records that are only ever added, each sealed with the one before it."""

import json
from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext_lazy as _

from vicus.web.audit.processing import PROVE_ACCESS


class AppendOnly(PermissionDenied):
    """Somebody tried to change or remove a record of the audit trail."""


class Action(models.TextChoices):
    """The six acts of Directive (EU) 2016/680, article 25, and signing in."""

    ACCESS = "access", _("access")
    COLLECTION = "collection", _("collection")
    CHANGE = "change", _("change")
    CONSULTATION = "consultation", _("consultation")
    DISCLOSURE = "disclosure", _("disclosure")
    COMBINATION = "combination", _("combination")
    ERASURE = "erasure", _("erasure")


class Records(models.QuerySet["Record"]):
    """Records can be read and added; never changed, never removed."""

    def _refuse(self) -> NoReturn:
        raise AppendOnly("Records of the audit trail are never changed or removed.")

    def update(self, **kwargs: Any) -> int:
        self._refuse()

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list["Record"]:
        self._refuse()


class Record(models.Model):
    """One act of one user on one object. It holds names, not foreign keys: it outlives what it tells of."""

    processing = PROVE_ACCESS

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)
    action = models.CharField(_("act"), max_length=20, choices=Action)
    actor_id = models.CharField(_("account"), max_length=40, blank=True, db_index=True)
    actor = models.CharField(_("user"), max_length=200)
    role = models.CharField(_("role"), max_length=100, blank=True)
    zone = models.CharField(_("zone"), max_length=60, blank=True, db_index=True)
    object_type = models.CharField(_("kind of object"), max_length=100)
    object_id = models.CharField(_("object"), max_length=200)
    reason = models.TextField(_("reason"), blank=True)
    recipient = models.CharField(_("recipient"), max_length=300, blank=True)
    # Text and not JSON: PostgreSQL rewrites JSON, and the seal is over these very characters.
    details_text = models.TextField(_("details"), default="{}")
    previous = models.CharField(_("seal before"), max_length=64)
    seal = models.CharField(_("seal"), max_length=64, unique=True)

    objects = Records.as_manager()

    class Meta:
        verbose_name = _("audit record")
        verbose_name_plural = _("audit records")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor}, {self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("Records of the audit trail are never changed.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("Records of the audit trail are never removed.")

    @property
    def details(self) -> dict[str, Any]:
        details: dict[str, Any] = json.loads(self.details_text)
        return details


class Head(models.Model):
    """The last seal of the chain: one row, locked by whoever adds a record."""

    processing = PROVE_ACCESS

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    number = models.PositiveBigIntegerField(default=0)
    seal = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_head_of_the_audit_chain")]

    def __str__(self) -> str:
        return f"{self.number} {self.seal}"
