"""The zone's own Word template: upload, try it out, remove it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vicus.documents.templates import PLACEHOLDERS
from vicus.web.hotspots.views import sheets
from vicus.web.hotspots.views.downloads import REPORT_TYPES
from vicus.web.hotspots.views.reader import language
from vicus.web.reports import archive, queries, sample, services, showing
from vicus.web.reports.forms import TemplateForm
from vicus.web.reports.models import Template
from vicus.web.reports.queries import Reader
from vicus.web.reports.views.archive import crumbs


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, zone: str) -> HttpResponse:
    """The template in use, and a form for another."""
    who = queries.planner(request.user, zone)
    sent = request.method == "POST"
    form = TemplateForm(request.POST, request.FILES) if sent else TemplateForm()
    if sent and form.is_valid():
        try:
            services.upload_template(
                zone=who.zone,
                name=form.cleaned_data["name"],
                content=form.cleaned_data["file"].read(),
                actor=request.user,
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(
                request, _("The template is kept. Reports as Word are written into it from now on.")
            )
            return redirect("reports:templates", who.zone.slug)
    return _shown(request, who, form)


@require_safe
def test(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """An invented report in the template, to see how it looks."""
    who = queries.planner(request.user, zone)
    try:
        content = archive.render(sample.document(language()), "docx", archive.template_bytes(_one(who, pk)))
    except archive.Gone:
        raise Http404 from None
    return sheets.attachment(content, f"template-test-{language()}.docx", REPORT_TYPES["docx"])


@require_POST
def remove(request: HttpRequest, zone: str, pk: int) -> HttpResponse:
    """Back to the template before, or to the look of the house."""
    who = queries.planner(request.user, zone)
    services.remove_template(template=_one(who, pk), actor=request.user)
    messages.success(request, _("The template is removed. What was written into it stays as it is."))
    return redirect("reports:templates", who.zone.slug)


def _one(who: Reader, pk: int) -> Template:
    found = Template.objects.filter(zone=who.zone, pk=pk, removed_at=None).first()
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, who: Reader, form: TemplateForm) -> HttpResponse:
    found = list(Template.objects.filter(zone=who.zone, removed_at=None))
    context: dict[str, Any] = {
        "zone": who.zone,
        "crumbs": crumbs(who, _("Word template")),
        "sentence": _("Reports as Word are written into “%(name)s”.") % {"name": found[0].name}
        if found
        else _("Reports as Word have the look of the house."),
        "templates": [
            {"template": one, "since": showing.moment(one.uploaded_at), "used": one is found[0]}
            for one in found
        ],
        "form": form,
        "placeholders": [f"{{{{ {name} }}}}" for name in PLACEHOLDERS],
    }
    return render(request, "reports/templates.html", context, status=422 if form.is_bound else 200)
