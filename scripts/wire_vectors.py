#!/usr/bin/env python3
"""Prints the datagrams of one short conversation, written from docs/wire.md alone: what ConnectionWireTests expects to see byte for byte.

Peer 1 at 10.0.0.1:49152 connects to peer 2 at 10.0.0.2:49152, both with schema hash 7 and a receive window of 32,768 bytes, without a secret, with
ChaCha20-Poly1305 only, and sends two
messages, the second with quality of service. Their random bytes are fixed: each is drawn as a run of one number.

And of one search for a way: peer 1 at 10.0.0.2:5000 and peer 2 at 10.0.0.3:5000, whose address the directory names, with a relay at 10.0.0.1:7780. What PathWireTests expects."""
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


def siphash(key, data):
    """SipHash-2-4."""
    mask = 0xFFFFFFFFFFFFFFFF
    rotate = lambda x, n: (x << n | x >> (64 - n)) & mask
    k0, k1 = struct.unpack("<QQ", key)
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def rounds(count):
        for _ in range(count):
            v[0] = v[0] + v[1] & mask; v[1] = rotate(v[1], 13) ^ v[0]; v[0] = rotate(v[0], 32)
            v[2] = v[2] + v[3] & mask; v[3] = rotate(v[3], 16) ^ v[2]
            v[0] = v[0] + v[3] & mask; v[3] = rotate(v[3], 21) ^ v[0]
            v[2] = v[2] + v[1] & mask; v[1] = rotate(v[1], 17) ^ v[2]; v[2] = rotate(v[2], 32)

    data += bytes(7 - len(data) % 8) + bytes([len(data) & 255])
    for (word,) in struct.iter_unpack("<Q", data):
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 255
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def ways():
    def head(kind, detail=0):
        return b"SWAY" + struct.pack("<BBH", 1, kind, detail)

    def signed(key, content):
        return content + hashlib.blake2b(content, digest_size=16, key=key).digest()

    def probe(sender, receiver, question, answer):
        return head(1) + struct.pack("<QQQQ", sender, receiver, question, answer)

    def question(key, peer, address, port, time):
        return siphash(key, struct.pack("<QQQ", peer, address << 16 | port, time)) & ~0xFFFFF | time

    def key_of(player):
        secret = hashlib.sha256(b"stingray-lua relay" + b"a secret of the server").digest()
        return hashlib.blake2b(struct.pack("<Q", player), digest_size=16, key=secret).digest()

    key1, key2, secret1 = key_of(1), key_of(2), bytes([0x10] * 16)
    nonce1, nonce2, address1 = 0x1111111111111111, 0x1212121212121212, 0x0A000002
    yield "where", head(2) + struct.pack("<Q", nonce1) + bytes(16)
    asked = question(secret1, 2, 0x0A000003, 5000, 0)
    yield "probe", probe(1, 2, asked, 0)
    challenge = siphash(bytes([0x30] * 16), struct.pack("<IIQ", address1, 5000, 0))
    yield "address", head(3) + struct.pack(
        "<QIHHQ", nonce1, address1 ^ nonce1 & 0xFFFFFFFF, 5000 ^ nonce1 & 0xFFFF, 0, challenge)
    # The answer asks back, for its sender looks for peer 1.
    yield "answer", probe(2, 1, question(bytes([0x20] * 16), 1, address1, 5000, 0), asked)
    yield "register", signed(key1, head(4, 1) + struct.pack("<QQQQ", 1, nonce2, challenge, 2))
    yield "registered", signed(key1, head(5) + struct.pack("<Q", nonce2))
    yield "relay", signed(key1, head(6) + struct.pack("<Q", 2) + b"\x10hello")
    yield "relayed", signed(key2, head(7) + struct.pack("<Q", 1) + b"\x10hello")


if __name__ == "__main__":
    for label, datagram in [*conversation(), *ways()]:
        print(label, datagram.hex())
