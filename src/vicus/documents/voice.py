"""Numbers, dates and ranges as cells: the words for paper and the value for a workbook, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_time

from vicus.documents.content import Cell, Column
from vicus.documents.report import Export, Names, in_language
from vicus.pictures import sentences, words

NONE = Cell("–")
"""Nothing to count here: the caption or a note says why."""


VALUE_DECIMALS = 3
"""Values behind the words are rounded too, finely enough that their sums still agree."""


@dataclass(frozen=True)
class Voice:
    """The reader's language, and the zone's clock."""

    language: str
    timezone: str

    @property
    def t(self) -> NullTranslations:
        """The messages of the documents."""
        return words.translator(self.language, "documents")

    def named(self, names: Names) -> str:
        """A name in the reader's language."""
        return in_language(names, self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number in words."""
        return words.number(value, self.language, decimals=decimals)

    def month(self, value: date) -> str:
        """A month with its year."""
        return words.month_name(value, self.language, year=True)

    def months(self, first: date, last: date) -> str:
        """A run of months: ``August – October 2026``."""
        if first == last:
            return self.month(first)
        return str(format_interval(first, last, skeleton="yMMMM", locale=words.locale(self.language)))

    def day(self, value: date) -> str:
        """A day; a moment is brought to the zone's clock."""
        return words.day(value, self.language, timezone=self.timezone)

    def moment(self, value: datetime) -> str:
        """A day and a time on the zone's clock."""
        local = value.astimezone(ZoneInfo(self.timezone))
        time = format_time(local, "short", locale=words.locale(self.language))
        return self.t.gettext("{day}, {time}").format(day=self.day(local), time=time)

    def handed_to(self, export: Export) -> str:
        """The foot of a page: to whom the file was handed, by whom, when and for what (rule R08)."""
        return self.t.gettext("Handed to {recipient} by {user} on {moment} – purpose: {purpose}").format(
            recipient=export.recipient,
            user=export.user,
            moment=self.moment(export.at),
            purpose=export.purpose,
        )

    def count(self, value: int | None) -> Cell:
        """A count, or nothing where the data do not reach."""
        return NONE if value is None else Cell(self.number(value), value)

    def decimal(self, value: float | None, decimals: int = 1) -> Cell:
        """A number that is not a count."""
        return (
            NONE
            if value is None
            else Cell(self.number(value, decimals), round(float(value), VALUE_DECIMALS), decimals)
        )

    def span(self, low: float | None, high: float | None) -> Cell:
        """A range of counts."""
        if low is None or high is None:
            return NONE
        return Cell(sentences.span(low, high, self.language), (round(low), round(high)))

    def share(self, part: int, whole: int) -> Cell:
        """A share of a whole: counts first, a percentage only from a base of ten (rule R22)."""
        value = part / whole if whole >= words.SMALLEST_BASE else None
        return Cell(words.share(part, whole, self.language), value)

    def day_or_missing(self, value: date | None) -> Cell:
        """A day, or that it is not recorded."""
        return Cell(self.day(value), value) if value else self.missing()

    def period(self, value: date) -> Cell:
        """A month as the name of a row."""
        return Cell(words.capital(self.month(value)), value)

    def text(self, text: str) -> Cell:
        """Words in a cell begin with a capital."""
        told = words.capital(text)
        return Cell(told, told)

    def missing(self) -> Cell:
        """A value nobody recorded is said to be missing, never shown as zero (rule R31)."""
        return Cell(words.capital(self.t.gettext("not recorded")))

    def expected_column(self) -> Column:
        """The column of an expected range; in a workbook it becomes two columns of numbers."""
        t = self.t
        return Column(
            t.gettext("Expected"), "range", bounds=(t.gettext("Expected, from"), t.gettext("Expected, to"))
        )
