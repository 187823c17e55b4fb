"""QR codes as the path of an SVG that a template draws: no picture leaves the page, no foreign server draws it."""

import segno

BORDER = 4  # light modules around it (ISO/IEC 18004)


def path(text: str) -> tuple[int, str]:
    """The side of the picture in modules, and the `d` of one path that holds every dark module."""
    rows = segno.make(text, error="m", micro=False).matrix_iter(border=BORDER)
    dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return max(x for x, _y in dark) + 1 + BORDER, "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)
