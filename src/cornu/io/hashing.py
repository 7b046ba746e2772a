"""Hashes of byte strings that bucket features the same way in every program: FarmHash64, SipHash-2-4 and MurmurHash64A.

Python's own `hash` differs from run to run and cannot name a bucket in a saved model.
"""

from struct import unpack_from

_MASK = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F  # FarmHash: primes between 2^63 and 2^64


def farmhash64(data: bytes) -> int:
    """The 64-bit FarmHash fingerprint of `data`, an unsigned integer.

    Source: FarmHash (G. Pike, 2014), `Fingerprint64`; tf.strings.to_hash_bucket_fast.
    """
    length = len(data)
    if length <= 16:
        return _up_to_16(data, length)
    if length <= 32:
        return _up_to_32(data, length)
    if length <= 64:
        return _up_to_64(data, length)
    return _long(data, length)


def siphash(data: bytes, key: tuple[int, int]) -> int:
    """The 64-bit SipHash-2-4 of `data` under a secret key of two 64-bit integers, an unsigned integer.

    Source: Aumasson & Bernstein, 2012, "SipHash: a fast short-input PRF"; tf.strings.to_hash_bucket_strong.
    """
    k0, k1 = key[0] & _MASK, key[1] & _MASK
    state = (k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573)
    length = len(data)
    tail = length - length % 8
    last = int.from_bytes(data[tail:], "little") | (length & 0xFF) << 56
    for word in (*unpack_from(f"<{tail // 8}Q", data), last):
        a, b, c, d = state
        a, b, c, d = _sip_round(*_sip_round(a, b, c, d ^ word))
        state = (a ^ word, b, c, d)
    a, b, c, d = state
    state = (a, b, c ^ 0xFF, d)
    for _ in range(4):
        state = _sip_round(*state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def murmurhash64(data: bytes, seed: int = 0xDECAFCAFFE) -> int:
    """The 64-bit MurmurHash2 (variant A) of `data`, an unsigned integer.

    Source: MurmurHash64A (A. Appleby, 2008); tf.strings.to_hash_bucket, whose seed is the default.
    """
    multiplier = 0xC6A4A7935BD1E995
    length = len(data)
    tail = length - length % 8
    hashed = seed ^ (length * multiplier & _MASK)
    for word in unpack_from(f"<{tail // 8}Q", data):
        word = word * multiplier & _MASK
        word = (word ^ word >> 47) * multiplier & _MASK
        hashed = (hashed ^ word) * multiplier & _MASK
    if tail < length:
        hashed = (hashed ^ int.from_bytes(data[tail:], "little")) * multiplier & _MASK
    hashed = (hashed ^ hashed >> 47) * multiplier & _MASK
    return hashed ^ hashed >> 47


def _sip_round(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    a, c = (a + b) & _MASK, (c + d) & _MASK
    b, d = (b << 13 | b >> 51) & _MASK ^ a, (d << 16 | d >> 48) & _MASK ^ c
    a, c = (a << 32 | a >> 32) & _MASK, (c + b) & _MASK
    a = (a + d) & _MASK
    b, d = (b << 17 | b >> 47) & _MASK ^ c, (d << 21 | d >> 43) & _MASK ^ a
    return a, b, (c << 32 | c >> 32) & _MASK, d


def _word(data: bytes, at: int) -> int:
    return unpack_from("<Q", data, at)[0]


def _rotate(value: int, by: int) -> int:
    value &= _MASK
    return (value >> by | value << (64 - by)) & _MASK


def _shift_mix(value: int) -> int:
    value &= _MASK
    return value ^ value >> 47


def _mix(u: int, v: int, multiplier: int) -> int:
    a = _shift_mix((u ^ v) * multiplier)
    return _shift_mix((v ^ a) * multiplier) * multiplier & _MASK


def _up_to_16(data: bytes, length: int) -> int:
    multiplier = _K2 + 2 * length
    if length >= 8:
        a, b = (_word(data, 0) + _K2) & _MASK, _word(data, length - 8)
        c = (_rotate(b, 37) * multiplier + a) & _MASK
        return _mix(c, (_rotate(a, 25) + b) * multiplier & _MASK, multiplier)
    if length >= 4:
        first, last = unpack_from("<I", data)[0], unpack_from("<I", data, length - 4)[0]
        return _mix(length + (first << 3), last, multiplier)
    if length:
        y, z = data[0] + (data[length >> 1] << 8), length + (data[-1] << 2)
        return _shift_mix(y * _K2 ^ z * _K0) * _K2 & _MASK
    return _K2


def _up_to_32(data: bytes, length: int) -> int:
    multiplier = _K2 + 2 * length
    a, b = _word(data, 0) * _K1, _word(data, 8)
    c, d = _word(data, length - 8) * multiplier, _word(data, length - 16) * _K2
    u = (_rotate(a + b, 43) + _rotate(c, 30) + d) & _MASK
    return _mix(u, (a + _rotate(b + _K2, 18) + c) & _MASK, multiplier)


def _up_to_64(data: bytes, length: int) -> int:
    multiplier = _K2 + 2 * length
    a, b = _word(data, 0) * _K2, _word(data, 8)
    c, d = _word(data, length - 8) * multiplier, _word(data, length - 16) * _K2
    y = (_rotate(a + b, 43) + _rotate(c, 30) + d) & _MASK
    z = _mix(y, (a + _rotate(b + _K2, 18) + c) & _MASK, multiplier)
    e, f = _word(data, 16) * multiplier, _word(data, 24)
    g, h = (y + _word(data, length - 32)) * multiplier, (z + _word(data, length - 24)) * multiplier
    u = (_rotate(e + f, 43) + _rotate(g, 30) + h) & _MASK
    return _mix(u, (e + _rotate(f + a, 18) + g) & _MASK, multiplier)


def _pair(data: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """32 bytes folded into the pair (a, b)."""
    w, x, y, z = unpack_from("<4Q", data, at)
    a += w
    b = _rotate(b + a + z, 21)
    total = a + x + y
    return (total + z) & _MASK, (b + _rotate(total, 44) + a) & _MASK


def _long(data: bytes, length: int) -> int:
    x, y = 81, (81 * _K1 + 113) & _MASK
    z = _shift_mix(y * _K2 + 113) * _K2 & _MASK
    v, w = (0, 0), (0, 0)
    x = (x * _K2 + _word(data, 0)) & _MASK
    blocks_end = (length - 1) // 64 * 64
    for at in range(0, blocks_end, 64):
        x, y, z, v, w = _block(data, at, x, y, z, v, w, _K1, 1)
    multiplier = _K1 + ((z & 0xFF) << 1)
    # The last 64 bytes overlap the block before, unless the length is a multiple of 64.
    w = ((w[0] + (length - 1) % 64) & _MASK, w[1])
    v = ((v[0] + w[0]) & _MASK, v[1])
    w = ((w[0] + v[0]) & _MASK, w[1])
    x, y, z, v, w = _block(data, length - 64, x, y, z, v, w, multiplier, 9)
    u = (_mix(v[0], w[0], multiplier) + _shift_mix(y) * _K0 + z) & _MASK
    return _mix(u, (_mix(v[1], w[1], multiplier) + x) & _MASK, multiplier)


def _block(data, at, x, y, z, v, w, multiplier, weight):
    """One round of 64 bytes over the state (x, y, z, v, w)."""
    x = _rotate(x + y + v[0] + _word(data, at + 8), 37) * multiplier & _MASK
    y = _rotate(y + v[1] + _word(data, at + 48), 42) * multiplier & _MASK
    x ^= w[1] * weight & _MASK
    y = (y + v[0] * weight + _word(data, at + 40)) & _MASK
    z = _rotate(z + w[0], 33) * multiplier & _MASK
    v = _pair(data, at, v[1] * multiplier, x + w[0])
    w = _pair(data, at + 32, z + w[1], y + _word(data, at + 16))
    return z, y, x, v, w
