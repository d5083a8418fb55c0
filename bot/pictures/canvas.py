"""A sheet of SVG to draw on, and its PNG: the same picture for the web and for Telegram."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr, unescape

from bot.pictures.lettering import cleaned, font_files, shown

__all__ = ["Canvas", "Picture"]

_FAMILY: Final = "Lato, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif"
_BASELINE: Final = 0.34  # of the letters' size: from the middle of a line down to its baseline


#: What a text element says.
_WORDS: Final = re.compile(r">([^<>]+)</text>")


@dataclass(frozen=True)
class Picture:
    """A picture with what it says in words.

    Attributes:
        svg: for the web.
        alt: all that it shows, in words; nothing is shortened there.
        background: the colour of the sheet; in the PNG also behind its round corners.
        scale: pixels of the PNG for each unit of the SVG.
    """

    svg: str
    alt: str
    background: str
    scale: float = 1.5

    def png(self) -> bytes:
        """The picture for channels that show no SVG."""
        import resvg_py

        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=_WORDS.sub(lambda found: f">{escape(shown(unescape(found.group(1))))}</text>", self.svg),
                zoom=self.scale,
                background=self.background,
                skip_system_fonts=True,
                font_files=[str(file) for file in font_files()],
                font_family="Lato",
                sans_serif_family="Lato",
            )
        )


class Canvas:
    """Shapes and words, later ones above earlier ones.

    Args:
        width: of the sheet; the height is told when it is done.
    """

    def __init__(self, width: float) -> None:
        self.width = width
        self._parts: list[str] = []

    def add(self, name: str, **attributes: object) -> None:
        """A shape by its SVG name; an underscore in an attribute's name stands for a hyphen."""
        self._parts.append(f"<{name} {_attributes(attributes)}/>")

    def lines(
        self,
        lines: Sequence[str],
        x: float,
        y: float,
        size: float,
        *,
        leading: float = 1.3,
        anchor: Literal["start", "middle", "end"] = "start",
        **attributes: object,
    ) -> None:
        """Lines of text; `y` is the middle of the first one."""
        for number, line in enumerate(lines):
            where = {"x": x, "y": y + number * size * leading + size * _BASELINE, "font-size": size}
            more = _attributes({**where, "text-anchor": anchor, **attributes})
            self._parts.append(f"<text {more}>{escape(line)}</text>")

    def picture(self, height: float, title: str, alt: str, background: str) -> Picture:
        """The sheet, done."""
        size = f'viewBox="0 0 {_number(self.width)} {_number(height)}"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} width="{_number(self.width)}" height="{_number(height)}" '
            f'role="img" aria-labelledby="t d" font-family={quoteattr(_FAMILY)} style="max-width:100%;height:auto">'
        )
        words = f'<title id="t">{escape(cleaned(title))}</title><desc id="d">{escape(cleaned(alt))}</desc>'
        sheet = f'<rect width="100%" height="100%" rx="28" fill="{background}"/>'
        return Picture(f"{head}{words}{sheet}{''.join(self._parts)}</svg>", alt, background)


def _attributes(attributes: dict[str, object]) -> str:
    return " ".join(
        f"{name.replace('_', '-')}={quoteattr(_number(value) if isinstance(value, float) else str(value))}"
        for name, value in attributes.items()
    )


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
