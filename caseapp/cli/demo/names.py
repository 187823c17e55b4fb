"""Invented names, identity numbers and phones: valid to look at, belonging to nobody."""

from datetime import date

from caseapp.cli.demo.source import Source, pool
from caseapp.core import names
from caseapp.core.identity_numbers import check_digit


class Namer:
    """Puts names together as they are common for a generation."""

    def __init__(self, source: Source) -> None:
        self.source, self.pool = source, pool("names")
        self._read: dict[str, tuple[str, str]] = {}

    def surname(self, *, is_korean: bool) -> str:
        """One of the common ones."""
        return str(self.source.pick(self.pool["korean_surnames" if is_korean else "surnames"]))

    def name(self, sex: str, age: int, *, is_korean: bool, surname: str | None = None) -> str:
        """A full name."""
        first = surname or self.surname(is_korean=is_korean)
        pick, kind = self.source.pick, "men" if sex == "1" else "women"
        if age < 18:
            return f"{first}{pick(self.pool['young'])}"
        if is_korean:
            return f"{first}{pick(self.pool[f'korean_{kind}'])}"
        if age < 55:
            return f"{first}{pick(self.pool[kind])}"
        return f"{first}{pick(self.pool[f'{kind}_old'])}{pick(self.pool[f'{kind}_old_end'])}"

    def keys(self, name: str) -> tuple[str, str]:
        """Sort key and initials as the services keep them; readings are remembered by name."""
        found = self._read.get(name)
        if found is None:
            full, initials = names.pinyin(name)
            found = self._read[name] = (f"{full} {name}", initials)
            if len(self._read) > 50_000:
                self._read.clear()
        return found


def identity_number(source: Source, prefix: str, birth: date, sex: str) -> str:
    """A number with a true check digit whose order number is drawn, not issued."""
    order = source.between(400, 489) * 2 + (1 if sex == "1" else 0)
    first = f"{prefix}{birth:%Y%m%d}{order % 1000:03d}"
    return first + check_digit(first)


def phone(source: Source) -> str:
    """A mobile number of a shape that looks made up: 130000 and five digits."""
    return f"130000{source.between(0, 99999):05d}"
