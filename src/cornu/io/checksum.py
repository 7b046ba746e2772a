"""The checksum of record files, event files and checkpoints: CRC-32C, masked. Source: the TFRecord format."""

import google_crc32c


def masked_crc32c(data: bytes) -> int:
    """The CRC-32C of `data` as these files hold it."""
    return masked(google_crc32c.value(data))


def masked(checksum: int) -> int:
    """A CRC-32C rotated by 15 bits, plus a constant: the CRC of data that holds its own CRC would say little."""
    return ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF
