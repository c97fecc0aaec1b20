"""Background work of this app: checking and importing a received file."""

from django_tasks import task

from vicus.web.facts import receiving


@task()
def work_on(import_id: int) -> None:
    """Do what the state of an import asks for: check it, or import it."""
    receiving.work_on(import_id)
