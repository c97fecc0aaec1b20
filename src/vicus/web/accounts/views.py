"""The door of the demonstration: in as one of its role accounts, without a password."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from vicus.web.accounts import sessions
from vicus.web.accounts.models import User


@login_not_required
@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Only while the demonstration runs, only from this machine, only into demonstration accounts."""
    if not settings.DEMO or not sessions.is_this_machine(request):
        raise Http404
    accounts = User.objects.filter(is_demo=True, is_active=True)
    user = get_object_or_404(accounts, username=request.POST.get("username", ""))
    sessions.enter_demo(request, user)
    return redirect("home")
