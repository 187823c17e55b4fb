"""Money as whole cents (分): read from what people type, shown as people read it. No float ever holds an amount."""

import re
import unicodedata
from decimal import Decimal

TEN_THOUSAND = "万"
SIGNS = "¥元圆块"  # taken away where they stand around the number
MOST = 10**11  # cents: a thousand million yuan, more than any family has
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)


class NotMoney(ValueError):
    """What was typed is no amount: `why` is words, decimals, negative or large."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def cents(typed: str | int | float | Decimal) -> int:
    """The amount in cents: "1,234.5", "１２３４元", "¥ 1234.50", "1.2万". Raises NotMoney."""
    text = unicodedata.normalize("NFKC", str(typed)).strip()
    text = "".join(text.strip(SIGNS).split())
    if text.startswith("-"):
        raise NotMoney("negative")
    factor = 1
    if text.endswith(TEN_THOUSAND):
        text, factor = text[:-1], 10_000
    if not _NUMBER.fullmatch(text):
        raise NotMoney("words")
    digits = text.replace(",", "")
    if len(digits) > 20:
        raise NotMoney("large")
    amount = Decimal(digits) * factor * 100
    if amount != amount.to_integral_value():
        raise NotMoney("decimals")
    if amount > MOST:
        raise NotMoney("large")
    return int(amount)


def typed(amount: int | None) -> str:
    """As a field shows it: 1234.5 without signs, empty for nothing."""
    if amount is None:
        return ""
    whole, rest = divmod(abs(amount), 100)
    tail = f".{rest:02d}".rstrip("0") if rest else ""
    return f"{'-' if amount < 0 else ''}{whole}{tail}"


def shown(amount: int) -> str:
    """As a page shows it: 1,234 or 1,234.50; the unit is the page's business."""
    whole, rest = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole:,}" + (f".{rest:02d}" if rest else "")


def divided(amount: int, parts: int) -> int:
    """An equal share, rounded to the nearest cent, half away from zero."""
    share = (2 * abs(amount) + parts) // (2 * parts)
    return -share if amount < 0 else share
