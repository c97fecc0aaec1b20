"""Every file is looked at in three languages."""

import pytest


@pytest.fixture(params=["nl", "fr", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)
