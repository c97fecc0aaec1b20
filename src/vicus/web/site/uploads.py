"""Which files the site takes in at all, decided before the first byte is stored."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from vicus.web.accounts.rules import Permission

LARGEST = 2 * 1024**3 + 1024**2
"""Two gigabytes of facts, and what a form sends along."""

BRING_FILES = (Permission.IMPORT_FACTS, Permission.IMPORT_TERRITORY)
SMALL = {
    "/visits/import/": (Permission.PLAN_ACTIONS, 3 * 1024**2),
    "/reports/templates/": (Permission.PLAN_REPORTS, 6 * 1024**2),
}
"""Those who bring visits or a Word template bring small files, each to an address of its own."""


class Bounded(FileUploadHandler):
    """Comes before the handlers that store: a form is read before the page that asks who sends it.

    Without it, anybody at all could fill the disk by posting files to the page for signing in.
    """

    def handle_raw_input(  # type: ignore[override]
        self, input_data: Any, meta: Any, content_length: int, boundary: bytes, encoding: str | None = None
    ) -> None:
        if content_length > LARGEST:
            raise RequestDataTooBig("The file is larger than this site takes in.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user: Any = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated or not self._brings_files(user):
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _brings_files(self, user: Any) -> bool:
        if _permits(user, BRING_FILES):
            return True
        path = self.request.path_info if self.request is not None else ""
        for end, (permission, largest) in SMALL.items():
            if path.endswith(end) and self.request is not None:
                length = str(self.request.META.get("CONTENT_LENGTH", ""))
                return length.isdigit() and int(length) <= largest and _permits(user, (permission,))
        return False


def _permits(user: Any, permissions: tuple[Permission, ...]) -> bool:
    return any(user.zones_permitting(permission) for permission in permissions)
