#!/usr/bin/env python3
"""Prints the transcript that ConnectionNoiseTests expects, from the Noise specification alone (revision 34) and Python's `cryptography`.

It shares no code with the Swift implementation: an error would have to be made twice to go unnoticed."""
import hashlib
import hmac

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def dh(secret, other):
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(other))


def hkdf(chaining_key, material, outputs):
    temporary = hmac.new(chaining_key, material, hashlib.sha256).digest()
    results, last = [], b""
    for number in range(1, outputs + 1):
        last = hmac.new(temporary, last + bytes([number]), hashlib.sha256).digest()
        results.append(last)
    return results


class Symmetric:
    def __init__(self, name, prologue):
        self.h = name.ljust(32, b"\0") if len(name) <= 32 else hashlib.sha256(name).digest()
        self.ck = self.h
        self.k, self.n = None, 0
        self.mix_hash(prologue)

    def mix_hash(self, data):
        self.h = hashlib.sha256(self.h + data).digest()

    def mix_key(self, material):
        self.ck, self.k = hkdf(self.ck, material, 2)
        self.n = 0

    def mix_key_and_hash(self, material):
        self.ck, hashed, self.k = hkdf(self.ck, material, 3)
        self.mix_hash(hashed)
        self.n = 0

    def encrypt_and_hash(self, plain):
        nonce = bytes(4) + self.n.to_bytes(8, "little")
        sealed = ChaCha20Poly1305(self.k).encrypt(nonce, plain, self.h)
        self.n += 1
        self.mix_hash(sealed)
        return sealed


def transcript(psk, prologue, si, ei, sr, er, payload1, payload2):
    # Both ends compute the same state here, since both hold all keys; each token is written as the specification's table gives it.
    s = Symmetric(b"Noise_IXpsk2_25519_ChaChaPoly_SHA256", prologue)
    # -> e, s
    first = public(ei)
    s.mix_hash(public(ei))
    s.mix_key(public(ei))
    first += s.encrypt_and_hash(public(si))
    first += s.encrypt_and_hash(payload1)
    # <- e, ee, se, s, es, psk
    second = public(er)
    s.mix_hash(public(er))
    s.mix_key(public(er))
    s.mix_key(dh(er, public(ei)))
    s.mix_key(dh(er, public(si)))
    second += s.encrypt_and_hash(public(sr))
    s.mix_key(dh(sr, public(ei)))
    s.mix_key_and_hash(psk)
    second += s.encrypt_and_hash(payload2)
    keys = hkdf(s.ck, b"", 2)
    return first, second, keys[0], keys[1], s.h


if __name__ == "__main__":
    secrets = [bytes([start] * 32) for start in (0x11, 0x22, 0x33, 0x44)]
    for name, psk in (("none", bytes(32)), ("psk", bytes(range(32)))):
        results = transcript(psk, b"prologue", *secrets, b"first payload", b"second payload")
        for label, value in zip(("first", "second", "initiatorKey", "responderKey", "hash"), results):
            print(name, label, value.hex())
