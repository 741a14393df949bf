#!/usr/bin/env python3
"""A small VNC client for tests, standard library only.

    rfb.py wait PORT [SECONDS]      waits for the server's banner, prints when it came (Unix time in ns)
    rfb.py run PORT STEP...         does the steps one after the other

Steps: `type:TEXT` (one key a character), `key:NAME[+NAME...]` (pressed together), `sleep:SECONDS`, `click:X,Y[,BUTTON]`,
`size:WIDTHxHEIGHT` (asks the server to resize), `shot:FILE.png` (prints how many colours it has), `clip:TEXT`.
"""
import socket
import struct
import sys
import time
import zlib

KEYS = {
    'Return': 0xFF0D, 'Tab': 0xFF09, 'Escape': 0xFF1B, 'BackSpace': 0xFF08, 'space': 0x20, 'Shift': 0xFFE1,
    'Control': 0xFFE3, 'Alt': 0xFFE9, 'Super': 0xFFEB, 'Zenkaku_Hankaku': 0xFF2A, 'Henkan': 0xFF23, 'Muhenkan': 0xFF22,
    'Hiragana_Katakana': 0xFF27, 'Eisu_toggle': 0xFF30, 'F1': 0xFFBE, 'F4': 0xFFC1, 'F5': 0xFFC2, 'Down': 0xFF54,
    'Up': 0xFF52,
}


class Client:
    def __init__(self, port):
        self.sock = socket.create_connection(('127.0.0.1', port), timeout=20)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert self.read(12).startswith(b'RFB 003.'), 'no RFB banner'
        self.sock.sendall(b'RFB 003.008\n')
        kinds = self.read(self.read(1)[0])
        assert 1 in kinds, f'security types {list(kinds)}: None is not among them'
        self.sock.sendall(b'\x01')
        assert self.read(4) == b'\0\0\0\0', 'refused'
        self.sock.sendall(b'\x01')
        self.width, self.height = struct.unpack('>HH', self.read(4))
        self.read(16)
        self.name = self.read(struct.unpack('>I', self.read(4))[0]).decode()
        # 32 bits, little endian, blue first; raw rectangles, and told when the size changes (ExtendedDesktopSize).
        self.sock.sendall(struct.pack('>B3xBBBBHHHBBB3x', 0, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0))
        self.sock.sendall(struct.pack('>BxHii', 2, 2, 0, -308))
        self.picture = bytearray(self.width * self.height * 4)

    def read(self, length):
        data = bytearray()
        while len(data) < length:
            part = self.sock.recv(length - len(data))
            if not part:
                raise EOFError('the server closed the connection')
            data += part
        return bytes(data)

    def key(self, keysym, down):
        self.sock.sendall(struct.pack('>BBxxI', 4, down, keysym))

    def press(self, *keysyms):
        for keysym in keysyms:
            self.key(keysym, 1)
        for keysym in reversed(keysyms):
            self.key(keysym, 0)
        time.sleep(0.02)

    def click(self, x, y, button=1):
        for mask in (0, 1 << (button - 1), 0):
            self.sock.sendall(struct.pack('>BBHH', 5, mask, x, y))
            time.sleep(0.03)

    def clip(self, text):
        data = text.encode('latin-1')
        self.sock.sendall(struct.pack('>BxxxI', 6, len(data)) + data)

    def resize(self, width, height):
        self.sock.sendall(struct.pack('>BxHHBxIHHHHI', 251, width, height, 1, 0, 0, 0, width, height, 0))
        # Until the server says that the size is new.
        limit = time.monotonic() + 10
        while (self.width, self.height) != (width, height):
            assert time.monotonic() < limit, f'the desktop stayed at {self.width}x{self.height}'
            self.update(incremental=True)

    def update(self, incremental=False):
        """One update; whether it carried pixels (the first one only tells the size)."""
        pixels = False
        self.sock.sendall(struct.pack('>BBHHHH', 3, incremental, 0, 0, self.width, self.height))
        while True:
            kind = self.read(1)[0]
            if kind == 0:
                break
            if kind == 3:
                self.read(3)
                self.read(struct.unpack('>I', self.read(4))[0])
            elif kind != 2:
                raise ValueError(f'message {kind} was not expected')
        for _ in range(struct.unpack('>xH', self.read(3))[0]):
            x, y, width, height, encoding = struct.unpack('>HHHHi', self.read(12))
            if encoding == -308:
                for _ in range(self.read(4)[0]):
                    self.read(16)
                # x says who asked for it; only a change that took place carries a new size.
                if (width, height) != (self.width, self.height):
                    self.width, self.height = width, height
                    self.picture = bytearray(width * height * 4)
                continue
            pixels = True
            data = self.read(width * height * 4)
            for row in range(height):
                start = ((y + row) * self.width + x) * 4
                self.picture[start:start + width * 4] = data[row * width * 4:(row + 1) * width * 4]
        return pixels

    def shot(self, path):
        # A request for everything may be answered by the size alone; the pixels then come with the next.
        limit = time.monotonic() + 10
        whole = self.update()
        while not whole:
            assert time.monotonic() < limit, 'the server sends no pixels'
            whole = self.update(incremental=True)
        rows = []
        for y in range(self.height):
            row = self.picture[y * self.width * 4:(y + 1) * self.width * 4]
            rgb = bytearray(self.width * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            rows.append(b'\0' + bytes(rgb))

        def chunk(kind, data):
            return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

        with open(path, 'wb') as file:
            file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', self.width, self.height, 8, 2, 0, 0, 0))
                       + chunk(b'IDAT', zlib.compress(b''.join(rows), 6)) + chunk(b'IEND', b''))
        pixels = memoryview(self.picture).cast('I')
        return len({pixel & 0xFFFFFF for pixel in pixels})


def wait(port, seconds):
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        try:
            with socket.create_connection(('127.0.0.1', port), timeout=1) as sock:
                sock.settimeout(seconds)
                if sock.recv(12).startswith(b'RFB 003.'):
                    print(time.time_ns())
                    return
        except OSError:
            pass
        time.sleep(0.005)
    sys.exit(f'no RFB banner on port {port} in {seconds} s')


def keysym(name):
    if name in KEYS:
        return KEYS[name]
    code = ord(name)
    return code if code < 0x100 else 0x01000000 + code


def run(port, steps):
    client = Client(port)
    for step in steps:
        verb, _, rest = step.partition(':')
        if verb == 'type':
            for letter in rest:
                client.press(KEYS['Return'] if letter == '\n' else keysym(letter))
        elif verb == 'key':
            client.press(*(keysym(name) for name in rest.split('+')))
        elif verb == 'sleep':
            time.sleep(float(rest))
        elif verb == 'click':
            client.click(*(int(number) for number in rest.split(',')))
        elif verb == 'size':
            client.resize(*(int(number) for number in rest.split('x')))
        elif verb == 'clip':
            client.clip(rest)
        elif verb == 'shot':
            print(client.shot(rest))
        else:
            sys.exit(f'unknown step {step}')


if __name__ == '__main__':
    if sys.argv[1] == 'wait':
        wait(int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 20)
    else:
        run(int(sys.argv[2]), sys.argv[3:])
