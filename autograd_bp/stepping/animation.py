"""Pictures in a row as one file: an animated PNG, which is written here, or a GIF, by Pillow.

An animated PNG is a PNG with a chunk before each picture that says how long it is shown (W3C,
"Portable Network Graphics Specification (Third Edition)", sections 11.3.6 and 4.9).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence

from autograd_bp.errors import DrawingError, MissingExtraError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LAST = 2  # times as long as the others is the last picture shown
FORMATS = (".gif", ".png", ".apng")


def animated_png(pictures: Sequence[bytes], seconds: float) -> bytes:
    """PNGs of one size as an animated PNG that runs again and again.

    Arguments:
        pictures: the PNG files, all of one size and one kind of colours.
        seconds: how long each is shown.

    Raises: DrawingError where the pictures are of different sizes or kinds.
    """
    headers = {next(_chunks(picture))[1] for picture in pictures}
    if len(headers) != 1:
        raise DrawingError("the pictures of an animation differ in size: is another program dot?")
    [header] = headers
    width, height = struct.unpack(">II", header[:8])
    file = [
        SIGNATURE,
        _chunk(b"IHDR", header),
        _chunk(b"acTL", struct.pack(">II", len(pictures), 0)),
    ]
    turn = 0
    for n, picture in enumerate(pictures):
        milliseconds = round(1000 * seconds * (LAST if n == len(pictures) - 1 else 1))
        timing = struct.pack(">IIIII", turn, width, height, 0, 0)
        file.append(_chunk(b"fcTL", timing + struct.pack(">HHBB", milliseconds, 1000, 0, 0)))
        turn += 1
        for name, data in _chunks(picture):
            if name != b"IDAT":
                continue
            if n == 0:
                file.append(_chunk(b"IDAT", data))
            else:
                file.append(_chunk(b"fdAT", struct.pack(">I", turn) + data))
                turn += 1
    file.append(_chunk(b"IEND", b""))
    return b"".join(file)


def _chunk(name: bytes, data: bytes) -> bytes:
    body = name + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(picture):
        (size,) = struct.unpack(">I", picture[place : place + 4])
        yield picture[place + 4 : place + 8], picture[place + 8 : place + 8 + size]
        place += size + 12


def gif(pictures: Sequence[bytes], seconds: float) -> bytes:
    """PNGs of one size as a GIF that runs again and again.

    Arguments:
        pictures: the PNG files.
        seconds: how long each is shown.

    Raises: MissingExtraError without Pillow.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtraError(
            'a GIF is written by Pillow: pip install "autograd_bp[animation]", or save it as .png, '
            "an animated PNG, which needs nothing"
        ) from error
    # One palette for all, so that no colour flickers; the last picture has all of them.
    frames = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    palette = frames[-1].quantize(colors=255, method=Image.Quantize.MEDIANCUT)
    frames = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    times = [round(1000 * seconds)] * (len(frames) - 1) + [round(1000 * seconds * LAST)]
    frames[0].save(
        file,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=times,
        loop=0,
        optimize=False,
    )
    return file.getvalue()
