from django.urls import URLPattern, URLResolver, path

from vicus.web.decisions.views import around, board, compare, differences, downloads, waiting

app_name = "decisions"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", waiting.page, name="waiting"),
    path("board/", board.page, name="board"),
    path("board/note/", board.note, name="note"),
    path("differences/", differences.page, name="differences"),
    path("around/", around.page, name="around"),
    path("compare/", compare.page, name="compare"),
    path("<slug:table>.<slug:kind>", downloads.table, name="file"),
]
