"""The time of a tick as three small charts in one SVG: by members, by audiences, by new events. No library draws it."""

from collections.abc import Sequence
from pathlib import Path

Line = tuple[str, Sequence[tuple[float, float]]]
_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 250, 190, 60, 40, 90
_COLOURS = ("#2f6f9f", "#c46a1b")


def write(path: Path, title: str, charts: Sequence[tuple[str, Sequence[Line]]]) -> None:
    """Writes the charts side by side; all share the scale of milliseconds."""
    highest = max(value for _name, lines in charts for _label, points in lines for _x, value in points) * 1.1
    parts = [_text(_LEFT, 20, title, size=13)]
    for place, (name, lines) in enumerate(charts):
        parts += _chart(_LEFT + place * (_WIDTH + _GAP), name, lines, highest)
    width, height = _LEFT + len(charts) * (_WIDTH + _GAP), _TOP + _HEIGHT + 70
    body = "\n".join(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif">\n'
        f'<rect width="{width}" height="{height}" fill="white"/>\n{body}\n</svg>\n',
        encoding="utf-8",
    )


def _chart(left: int, name: str, lines: Sequence[Line], highest: float) -> list[str]:
    bottom, furthest = _TOP + _HEIGHT, max(x for _label, points in lines for x, _value in points)
    parts = [f'<path d="M{left} {_TOP} V{bottom} H{left + _WIDTH}" fill="none" stroke="#888"/>']
    for step in range(5):
        value = highest * step / 4
        parts.append(_text(left - 6, bottom - _HEIGHT * step / 4 + 4, f"{value:,.0f}", anchor="end"))
    parts.append(_text(left + _WIDTH / 2, bottom + 36, f"{name}; milliseconds", anchor="middle"))
    for place, (label, points) in enumerate(lines):
        colour = _COLOURS[place % len(_COLOURS)]
        spots = [(left + _WIDTH * x / furthest, bottom - _HEIGHT * value / highest) for x, value in points]
        track = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        parts.append(f'<polyline points="{track}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (x, y), (value, _took) in zip(spots, points, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>')
            if place == 0:
                parts.append(_text(x, bottom + 18, _short(value), anchor="middle", size=10))
        parts.append(_text(left + 10, _TOP + 12 + 16 * place, label, colour=colour))
    return parts


def _short(value: float) -> str:
    return f"{value / 1e6:g} M" if value >= 1e6 else f"{value / 1e3:g} k" if value >= 1e3 else f"{value:g}"


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 11, colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{text}</text>'
