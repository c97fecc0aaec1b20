from django.http import HttpRequest, HttpResponse


def territory(request: HttpRequest, zone: str) -> HttpResponse:
    return HttpResponse()


import_territory = territory
