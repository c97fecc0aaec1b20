"""Users: the only persons Vicus stores (rights R04)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vicus.web.accounts.rules import ROLES, Permission, permissions_of
from vicus.web.audit.processing import YEAR, Processing, Regime


class Users(BaseUserManager["User"]):
    def create_user(self, username: str, *, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who signs in. What they may do hangs on their role in each zone."""

    processing = Processing(
        purpose=_("Let the members of a zone sign in and act in their role."),
        regime=Regime.GDPR,
        data=_("User name, name, professional e-mail address, language, password hash, times of sign-in."),
        recipients=_("Administrators of the zone; the auditor, through the audit trail."),
        retention=YEAR,
        begins=_("the day the account is deactivated"),
    )

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": _("This user name is taken.")},
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("professional e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    deactivated_at = models.DateTimeField(_("deactivated on"), null=True, blank=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False, editable=False)
    must_change_password = models.BooleanField(_("has to choose a password"), default=False)
    # Part of what a session is checked against: one more, and every open session ends.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("created on"), default=timezone.now, editable=False)

    objects = Users()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "username"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_active=True, deactivated_at=None)
                | models.Q(is_active=False, deactivated_at__isnull=False),
                name="inactive_users_carry_the_day_they_became_so",
            )
        ]

    def __str__(self) -> str:
        """The name; of a demonstration account, its role in the language of the reader."""
        role = ROLES.get(self.username.removeprefix("demo-").replace("-", "_")) if self.is_demo else None
        return gettext("Demo: %(role)s") % {"role": role.name} if role else self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def role_by_zone(self) -> dict[str, str]:
        """Zone slug -> role. The memberships themselves belong to the zone app, above this one."""
        return dict(self.memberships.values_list("zone__slug", "role"))

    def role_in(self, zone: str) -> str:
        return self.role_by_zone.get(zone, "") if self.is_active else ""

    def permits(self, permission: Permission, zone: str) -> bool:
        """Whether this user's role in the zone (its slug) carries the permission."""
        return permission in permissions_of(self.role_in(zone))

    def zones_permitting(self, permission: Permission | str) -> tuple[str, ...]:
        """Slugs of the zones in which this user's role carries the permission."""
        return tuple(zone for zone in sorted(self.role_by_zone) if self.permits(Permission(permission), zone))

    @property
    def needs_second_factor(self) -> bool:
        return any(ROLES[role].second_factor for role in self.role_by_zone.values() if role in ROLES)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        value = f"{self.password}:{self.session_generation}"
        return salted_hmac("vicus.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()
