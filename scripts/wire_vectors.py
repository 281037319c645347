#!/usr/bin/env python3
"""Prints the datagrams of one short conversation, written from docs/wire.md alone: what ConnectionWireTests expects to see byte for byte.

Peer 1 at 10.0.0.1:49152 connects to peer 2 at 10.0.0.2:49152, both with schema hash 7 and a receive window of 32,768 bytes, without a secret, with
ChaCha20-Poly1305 only, and sends two
messages, the second with quality of service. Their random bytes are fixed: each is drawn as a run of one number."""
import hashlib
import struct

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from noise_vectors import transcript

MAGIC, VERSION = b"SLNET", 2


def preamble(kind):
    return bytes([kind]) + MAGIC + struct.pack("<H", VERSION)


def data(key, connection_id, sequence, content):
    head = struct.pack("<BII", 16, connection_id, sequence & 0xFFFFFFFF)
    return head + ChaCha20Poly1305(key).encrypt(bytes(4) + struct.pack("<Q", sequence), content, head)


def conversation():
    nonce, peer1, peer2, schema = 0x1313131313131313, 1, 2, 7
    id1, id2 = 0x12120000, 0x22220000
    static1, ephemeral1, static2, ephemeral2 = (bytes([n] * 32) for n in (0x10, 0x14, 0x20, 0x23))
    cookie_secret = bytes([0x21] * 32)

    prologue = preamble(0)[1:] + struct.pack("<QQQQB3x", nonce, peer1, peer2, schema, 1)
    assert len(prologue) == 43
    hello = (b"\x01" + prologue).ljust(256, b"\0")
    yield "hello", hello

    address = struct.pack("<IH", 0x0A000001, 49152)
    cookie = hashlib.blake2b(address + prologue, digest_size=16, key=cookie_secret).digest()
    yield "cookie", preamble(2) + struct.pack("<Q", nonce) + cookie

    first, second, key1, key2, _ = transcript(
        bytes(32), prologue, static1, ephemeral1, static2, ephemeral2,
        struct.pack("<II", id1, 32768), struct.pack("<IIQB", id2, 32768, schema, 0))
    yield "connect", (b"\x03" + prologue + cookie + first).ljust(256, b"\0")
    yield "accept", preamble(4) + struct.pack("<Q", nonce) + second

    # Nothing received yet; PING 1; five bytes of stream from offset 0: a message of four bytes on channel 2.
    message = bytes([4 * 4 + 2]) + b"ping"
    data1 = data(key1, id2, 1, struct.pack("<IQ", 0, 0) + b"\x04\x01\x00" + struct.pack("<BIH", 1, 0, 5) + message)
    yield "data1", data1
    # Packet 1 received; PONG 1, PING 1.
    yield "data2", data(key2, id1, 1, struct.pack("<IQ", 1, 0) + b"\x05\x01\x00" + b"\x04\x01\x00")
    # With quality of service. Packet 1 received; PONG 1, MEASURE, an unreliable message of one byte on channel 2.
    data3 = data(key1, id2, 2, struct.pack("<IQ", 1, 0) + b"\x05\x01\x00" + b"\x07" + b"\x02" + bytes([1 * 4 + 2]) + b"m")
    yield "data3", data3
    # It came at the second end's time 2 s. Packets 2 and 1 received; REPORT of packet 2 and of all bytes until then.
    received = len(data1) + 28 + len(data3) + 28
    yield "data4", data(key2, id1, 2, struct.pack("<IQ", 2, 1) + struct.pack("<BHII", 8, 2, 20000, received))


if __name__ == "__main__":
    for label, datagram in conversation():
        print(label, datagram.hex())
