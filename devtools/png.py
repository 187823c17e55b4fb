"""Small PNG files of screens: at most 256 colours, which a screen of text hardly exceeds. The browser reads the picture, zlib writes it."""

import base64
import struct
import zlib
from typing import Any

COUNT = """async (png) => {
  const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
  const canvas = new OffscreenCanvas(picture.width, picture.height), pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const points = new Uint32Array(pen.getImageData(0, 0, picture.width, picture.height).data.buffer);
  const often = new Map();
  for (const colour of points) often.set(colour, (often.get(colour) ?? 0) + 1);
  const kept = [...often].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = kept.map(parts), place = new Map(kept.map((colour, at) => [colour, at]));
  const nearest = (colour) => {
    const [r, g, b] = parts(colour);
    let best = 0, least = Infinity;
    palette.forEach(([x, y, z], at) => {
      const far = (r - x) ** 2 + (g - y) ** 2 + (b - z) ** 2;
      if (far < least) [best, least] = [at, far];
    });
    return best;
  };
  for (const colour of often.keys()) if (!place.has(colour)) place.set(colour, nearest(colour));
  const text = [];
  for (let from = 0; from < points.length; from += 8192)
    text.push(String.fromCharCode(...Uint8Array.from(points.subarray(from, from + 8192), (colour) => place.get(colour))));
  return { width: picture.width, height: picture.height, palette, points: btoa(text.join("")) };
}"""


def slim(page: Any, picture: bytes) -> bytes:
    """The same picture as an indexed PNG; `page` is any page of the browser."""
    found = page.evaluate(COUNT, base64.b64encode(picture).decode())
    width, height, points = found["width"], found["height"], base64.b64decode(found["points"])
    rows = b"".join(b"\0" + points[row * width : (row + 1) * width] for row in range(height))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in found["palette"] for part in colour)),
            _chunk(b"IDAT", zlib.compress(rows, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
