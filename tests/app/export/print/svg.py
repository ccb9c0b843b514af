"""What stands in a picture, read from its SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET


def words(svg: bytes) -> str:
    """All that is written in the picture, as text."""
    root = ET.fromstring(svg)
    return "\n".join("".join(one.itertext()) for one in root.iter() if one.tag.endswith("}text"))


def colours(svg: bytes) -> set[str]:
    """All colours of lines and areas, #rrggbb."""
    return set(re.findall(r"(?:fill|stroke): ?(#[0-9a-f]{6})", svg.decode()))


def size_pt(svg: bytes) -> tuple[float, float]:
    """Width and height, points."""
    root = ET.fromstring(svg)
    width, height = (float(root.attrib[name].removesuffix("pt")) for name in ("width", "height"))
    return width, height


def shapes(svg: bytes) -> int:
    """How many shapes and marks are drawn."""
    return sum(one.tag.endswith(("}path", "}use")) for one in ET.fromstring(svg).iter())
