"""Everything that `vicus tick` does, in this order: one line for each job."""

from __future__ import annotations

from collections.abc import Mapping

from vicus.web.decisions import digest
from vicus.web.governance import post, post_commitments
from vicus.web.governance.ticking import Everywhere, Job, Once
from vicus.web.perimeters.fitting import of_every_zone
from vicus.web.reports import scheduling
from vicus.web.search import index
from vicus.web.site import retention


def _fits() -> Mapping[str, int]:
    return {"perimeters.Fit worked out": of_every_zone()}


# Letters leave last, so that those written by the jobs before them leave the same night.
JOBS: tuple[Job, ...] = (
    Everywhere("retention", retention.apply),
    Everywhere("fit of perimeters", _fits),
    Everywhere("reports", scheduling.run),
    Once("reminders", "day", post_commitments.remind),
    Everywhere("search", index.of_every_zone),
    Once("weekly letters", "week", digest.write),
    Everywhere("letters", post.deliver),
)
