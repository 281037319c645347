#!/usr/bin/env python3
"""Stands between a lobby's host and a joiner, passes on what they say, and meddles: meddler.py LISTEN_PORT LOBBY_PORT

Joiners find the lobby on LISTEN_PORT. Once the game runs, each datagram that is passed on is followed by ten that nobody asked for: random bytes,
real datagrams again, cut short, lengthened, or with a flipped bit; from the true addresses and from a stranger's, to the host's lobby and game ports and
to the joiner's. Prints how many when it is told to
end (SIGTERM), after a minute at the latest."""
import random
import select
import signal
import socket
import sys
import time

LISTEN, LOBBY = int(sys.argv[1]), int(sys.argv[2])
HOST = "127.0.0.1"
INFO_KIND, INFO_GAME_PORT = 2, 48  # docs/wire.md
chance = random.Random(1)


def opened(address="127.0.0.1", port=0):
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((address, port))
    return made


# Of the wildcard address: broadcasts reach no others, and a machine finds itself at several addresses.
lobby_front, game_front = opened("", LISTEN), opened("")
lobby_back, game_back, stranger = opened(), opened(), opened()
joiner = joiner_game = game_port = None
seen, passed, sent = [], 0, 0


def spoiled():
    kind = chance.randrange(6)
    if kind == 0:
        return chance.randbytes(chance.randrange(1, 1400))
    datagram = bytearray(chance.choice(seen))
    if kind == 1:
        return bytes(datagram[: chance.randrange(len(datagram))])
    if kind == 2:
        return bytes(datagram) + chance.randbytes(chance.randrange(1, 100))
    if kind == 3:
        datagram[chance.randrange(len(datagram))] ^= 1 << chance.randrange(8)
    if kind == 4:  # a head that is right, and nothing else
        datagram[8:] = chance.randbytes(len(datagram) - 8) if len(datagram) > 8 else b""
    return bytes(datagram)


def meddle():
    global sent
    for _ in range(10):
        source, target = chance.choice([
            (game_back, (HOST, game_port)), (game_front, joiner_game), (stranger, (HOST, game_port)),
            (stranger, joiner_game), (stranger, (HOST, LOBBY)), (lobby_back, (HOST, LOBBY))])
        try:
            source.sendto(spoiled(), target)
            sent += 1
        except ConnectionRefusedError:
            pass


def report(*_):
    print(f"meddled {sent}", flush=True)
    sys.exit(0)


signal.signal(signal.SIGTERM, report)
end = time.monotonic() + 60
while time.monotonic() < end:
    ready, _, _ = select.select([lobby_front, lobby_back, game_front, game_back, stranger], [], [], 0.1)
    for each in ready:
        try:
            datagram, source = each.recvfrom(2048)
        except ConnectionRefusedError:
            continue
        if each is stranger:
            continue
        if len(seen) < 4000:
            seen.append(datagram)
        if each is lobby_front:
            joiner = source
            lobby_back.sendto(datagram, (HOST, LOBBY))
        elif each is lobby_back and joiner:
            if len(datagram) >= 42 and datagram[:4] == b"SLAN" and datagram[6] == INFO_KIND:
                game_port = int.from_bytes(datagram[INFO_GAME_PORT:INFO_GAME_PORT + 2], "little")
                own = game_front.getsockname()[1].to_bytes(2, "little")
                datagram = datagram[:INFO_GAME_PORT] + own + datagram[INFO_GAME_PORT + 2:]
            lobby_front.sendto(datagram, joiner)
        elif each is game_front and game_port:
            joiner_game = source
            game_back.sendto(datagram, (HOST, game_port))
            passed += 1
        elif each is game_back and joiner_game:
            game_front.sendto(datagram, joiner_game)
            passed += 1
        # Whoever sees a handshake can end it; a connection that stands cannot be ended so.
        if passed > 60:
            meddle()
report()
