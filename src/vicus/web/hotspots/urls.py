from django.urls import URLPattern, URLResolver, path

from vicus.web.hotspots.views import downloads, facts, hotspot, listing, managers, zone

app_name = "hotspots"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", zone.page, name="zone"),
    path("ranking.<slug:kind>", downloads.ranking, name="ranking_file"),
    path("hotspots/", listing.page, name="list"),
    path("hotspots/managers/", managers.page, name="managers"),
    path("hotspots/<int:number>/", hotspot.page, name="hotspot"),
    path("hotspots/<int:number>/figures.<slug:kind>", downloads.figures, name="figures_file"),
    path("hotspots/<int:number>/report.<slug:kind>", downloads.report, name="report"),
    path("hotspots/<int:number>/facts/", facts.page, name="facts"),
    path("hotspots/<int:number>/facts.<slug:kind>", facts.file, name="facts_file"),
]
