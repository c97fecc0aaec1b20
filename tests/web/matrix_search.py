"""The page of results: for whoever reads cards or meetings. What each finds there: test_search_attack.py."""

from matrix import POLICE, WEST, Row

SEARCH = POLICE | {"mayor", "partner"}
ROWS = (
    Row("search:page", SEARCH, WEST),
    Row("search:page", SEARCH, WEST, query="q=verlichting&kind=card"),
    Row("search:page", SEARCH, WEST, query="q=%22&from=-1&kind=unheard"),
)
