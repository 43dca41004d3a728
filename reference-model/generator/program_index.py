"""A compact file of the digests of all training programs, to show that a program is not among them.

Five bytes of each digest are kept. The file is 65,536 counts of one byte, one for each value of the first two bytes,
and then the other three bytes of every digest, sorted. At half a million programs a program that is not there is taken
for one that is with a probability of 5e-7.
"""

BUCKETS = 1 << 16
_REST = 3


def pack(digests):
    """The file content for a set of five-byte digests."""
    buckets = [[] for _ in range(BUCKETS)]
    for digest in digests:
        buckets[int.from_bytes(digest[:2], "big")].append(digest[2:])
    counts = bytes(map(len, buckets))
    return counts + b"".join(b"".join(sorted(bucket)) for bucket in buckets)


class ProgramIndex:
    """The digests of a packed file."""

    def __init__(self, content):
        counts, rest = content[:BUCKETS], content[BUCKETS:]
        self.size = sum(counts)
        if len(rest) != self.size * _REST:
            raise ValueError(f"{len(rest)} bytes of digests where the counts say {self.size * _REST}")
        self._buckets, at = [], 0
        for count in counts:
            self._buckets.append(rest[at : at + count * _REST])
            at += count * _REST

    @classmethod
    def read(cls, path):
        """Reads a packed file."""
        with open(path, "rb") as file:
            return cls(file.read())

    def __contains__(self, digest):
        bucket = self._buckets[int.from_bytes(digest[:2], "big")]
        return any(bucket[at : at + _REST] == digest[2:5] for at in range(0, len(bucket), _REST))
