"""The users of a zone and their roles, for its administrator. No operational text here."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.web.accounts import services as accounts
from vicus.web.accounts.models import User
from vicus.web.accounts.rules import ROLES, WORDS, Permission
from vicus.web.zone import services, tables
from vicus.web.zone.forms import MemberForm, NewMemberForm
from vicus.web.zone.models import Membership, Zone
from vicus.web.zone.queries import members, zones_permitting


def _administered(request: HttpRequest) -> list[Zone]:
    """The zones whose users this reader manages; for everybody else the page does not exist."""
    zones = list(zones_permitting(request.user, Permission.MANAGE_USERS))
    if not zones:
        raise Http404
    return zones


def _zone(request: HttpRequest) -> Zone:
    """The zone asked for (?zone=), or the first one."""
    zones = {zone.slug: zone for zone in _administered(request)}
    slug = request.GET.get("zone") or next(iter(zones))
    if slug not in zones:
        raise Http404
    return zones[slug]


def _membership(request: HttpRequest, username: str) -> Membership:
    return get_object_or_404(members(request.user, _zone(request)), user__username=username)


def _is_whole(request: HttpRequest, user: User) -> bool:
    """Whether this administrator manages every zone the account belongs to, and so the account itself."""
    return set(user.role_by_zone) <= {zone.slug for zone in _administered(request)}


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Who belongs to the zone, in which role."""
    zone = _zone(request)
    found = list(members(request.user, zone))
    keyed = set(
        Authenticator.objects.filter(user__memberships__zone=zone)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    context = {
        "zone": zone, "zones": _administered(request), "count": len(found),
        "table": tables.members(found, keyed, zone),
    }  # fmt: skip
    return render(request, "zone/members.html", context)


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Which role may do what: the table itself."""
    _administered(request)
    return render(request, "zone/roles.html", {"table": tables.roles(ROLES.values(), WORDS)})


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """A new account with its role. The first password is shown once."""
    zone = _zone(request)
    form = NewMemberForm(_posted(request), zone=zone, initial={"language": zone.languages[0]})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        user, password = accounts.create_user(
            actor=request.user, zone=zone, username=said["username"], name=said["name"],
            email=said["email"], language=said["language"],
        )  # fmt: skip
        services.assign_role(
            actor=request.user, zone=zone, user=user, role=said["role"], areas=said.get("areas", ()),
            organisation=said.get("organisation"),
        )  # fmt: skip
        return _show_password(request, zone, user, password)
    return render(request, "zone/member_new.html", {"zone": zone, "form": form}, status=_status(form))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, username: str) -> HttpResponse:
    """Change a member's details and role."""
    membership = _membership(request, username)
    zone, user = membership.zone, membership.user
    initial = {
        "name": user.name, "email": user.email, "language": user.language, "role": membership.role,
        "areas": membership.areas.all(), "organisation": membership.organisation_id,
    }  # fmt: skip
    own, whole = user.pk == request.user.pk, _is_whole(request, user)
    form = MemberForm(_posted(request), zone=zone, own=own, whole=whole, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if whole:
            fields = {name: said[name] for name in ("name", "email", "language")}
            accounts.change_user(actor=request.user, user=user, zone=zone, **fields)
        services.assign_role(
            actor=request.user, zone=zone, user=user, role=said["role"], areas=said.get("areas", ()),
            organisation=said.get("organisation"),
        )  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("users:list")
    context = {"zone": zone, "member": user, "form": form, "own": own, "whole": whole, "acts": _acts(user)}
    return render(request, "zone/member.html", context, status=_status(form))


@require_POST
def act(request: HttpRequest, username: str) -> HttpResponse:
    """Deactivate, reactivate, reset the second factor or the password, or end the membership."""
    membership = _membership(request, username)
    zone, user, asked = membership.zone, membership.user, request.POST.get("act", "")
    if user.pk == request.user.pk:
        raise PermissionDenied
    if asked == "end_membership":
        services.end_membership(actor=request.user, zone=zone, user=user)
        messages.success(request, _("%(name)s no longer belongs to the zone.") % {"name": user})
        return redirect("users:list")
    if asked not in {name for name, _label in _acts(user)} or not _is_whole(request, user):
        raise PermissionDenied
    if asked in ("reset_password", "reactivate"):
        change = accounts.reset_password if asked == "reset_password" else accounts.reactivate
        return _show_password(request, zone, user, change(actor=request.user, user=user, zone=zone))
    change_quietly = {"deactivate": accounts.deactivate, "reset_second_factor": accounts.reset_second_factor}
    change_quietly[asked](actor=request.user, user=user, zone=zone)
    messages.success(request, _("Done."))
    return redirect("users:edit", username=user.username)


def _acts(user: User) -> list[tuple[str, str]]:
    """What can be done to this account now: code and words on the button."""
    if not user.is_active:
        return [("reactivate", _("Open the account again"))]
    return [
        ("reset_second_factor", _("Reset the second factor")),
        ("reset_password", _("Give a new first password")),
        ("deactivate", _("Close the account")),
    ]


def _show_password(request: HttpRequest, zone: Zone, user: User, password: str) -> HttpResponse:
    """Once, and nowhere else: the answer to the form itself, which no browser keeps."""
    return render(request, "zone/member_password.html", {"zone": zone, "member": user, "password": password})


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
