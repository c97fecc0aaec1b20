from django.http import HttpRequest, HttpResponse


def trail(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


chain = export = trail
