"""Draws raw and interpolated motion from a CSV on standard input (time,owner,raw,smooth) as SVG on standard output; what was
measured goes to standard error. Plain Python, no packages."""

import csv
import sys

BEGIN, END = 4.0, 6.0  # seconds that are shown
WIDTH, LEFT, RIGHT = 960, 76, 128
PANELS = [(72, 300), (440, 170)]  # top and height of each
HEIGHT = 648
COLOURS = {"owner": "#8a94a3", "raw": "#d9731a", "smooth": "#1a62c9"}
INK, FAINT = "#1f2630", "#dfe4ea"


def read():
    rows = [row for row in csv.reader(sys.stdin) if row]
    start = next(i for i, row in enumerate(rows) if row[:2] == ["time", "owner"])
    table = []
    for row in rows[start + 1:]:
        try:
            table.append([float(cell) for cell in row])
        except ValueError:
            break
    return [dict(zip(("time", "owner", "raw", "smooth"), row)) for row in table]


def steps(rows, name):
    """The way of each frame, at the frame's end."""
    return [(b["time"], b[name] - a[name]) for a, b in zip(rows, rows[1:])]


def jerk(rows, name):
    ways = [way for _, way in steps(rows, name)]
    changes = [abs(b - a) for a, b in zip(ways, ways[1:])]
    return max(changes), (sum(c * c for c in changes) / len(changes)) ** 0.5


def delay(rows, name):
    """The delay in frames by which a curve follows the owner best, in seconds."""
    def error(frames):
        pairs = [(rows[i - frames]["owner"], rows[i][name]) for i in range(60, len(rows))]
        return sum((a - b) ** 2 for a, b in pairs)
    return min(range(40), key=error) * (rows[1]["time"] - rows[0]["time"])


class Panel:
    def __init__(self, place, low, high):
        self.top, self.height = place
        self.low, self.high = low, high

    def x(self, time):
        return LEFT + (time - BEGIN) / (END - BEGIN) * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        return self.top + (self.high - value) / (self.high - self.low) * self.height

    def grid(self, values, format_value, title):
        out = [text(LEFT, self.top - 14, title, weight=600)]
        for value in values:
            y = self.y(value)
            out.append(line(LEFT, y, WIDTH - RIGHT, y, FAINT))
            out.append(text(LEFT - 10, y + 4, format_value(value), anchor="end", size=12))
        return out

    def times(self):
        out = []
        for i in range(5):
            time = BEGIN + i * (END - BEGIN) / 4
            x = self.x(time)
            out.append(line(x, self.top + self.height, x, self.top + self.height + 5, INK))
            out.append(text(x, self.top + self.height + 22, f"{time - BEGIN:g} s", anchor="middle", size=12))
        return out

    def curve(self, points, colour, width, is_stepped=False, opacity=1):
        parts, before = [], None
        for time, value in points:
            if before is not None and is_stepped:
                parts.append(f"L{self.x(time):.1f} {self.y(before):.1f}")
            parts.append(f"{'M' if before is None else 'L'}{self.x(time):.1f} {self.y(value):.1f}")
            before = value
        return (f'<path d="{"".join(parts)}" fill="none" stroke="{colour}" stroke-width="{width}" '
                f'stroke-linejoin="round" opacity="{opacity}"/>')


def text(x, y, content, anchor="start", size=14, colour=INK, weight=400):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}" '
            f'font-weight="{weight}">{content}</text>')


def line(x1, y1, x2, y2, colour):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def labels(panel, entries):
    """Names at the right edge, moved apart where they would touch."""
    placed = sorted((panel.y(value), content, colour) for value, content, colour in entries)
    out, free = [], -1e9
    for y, content, colour in placed:
        y = max(y, free + 18)
        out.append(text(WIDTH - RIGHT + 10, y + 5, content, colour=colour, weight=600))
        free = y
    return out


def draw(rows):
    shown = [row for row in rows if BEGIN - 1e-6 <= row["time"] <= END + 1e-6]
    top = Panel(PANELS[0], -6, 6)
    out = top.grid(range(-6, 7, 3), lambda v: f"{v:g} m".replace("-", "\u2212"), "Where the object is: at its owner, and as another peer reads it")
    for name, width, stepped in (("owner", 1.5, False), ("raw", 1.5, True), ("smooth", 2.5, False)):
        out.append(top.curve([(row["time"], row[name]) for row in shown], COLOURS[name], width, stepped))
    out += top.times()
    last = shown[-1]
    out += labels(top, [(last["owner"], "at the owner", COLOURS["owner"]), (last["raw"], "as it comes", COLOURS["raw"]),
                        (last["smooth"], "interpolated", COLOURS["smooth"])])

    ways = {name: [(t, w * 100) for t, w in steps(rows, name) if BEGIN <= t <= END + 1e-6] for name in COLOURS}
    reach = 25 * (int(max(abs(w) for _, w in ways["raw"]) // 25) + 1)
    low = Panel(PANELS[1], -reach, reach)
    out += low.grid((-reach, 0, reach), lambda v: f"{v:+g} cm".replace("-", "\u2212") if v else "0", "The way it makes from one frame to the next")
    out.append(low.curve(ways["raw"], COLOURS["raw"], 1.5, opacity=0.9))
    out.append(low.curve(ways["smooth"], COLOURS["smooth"], 2.5))
    out += low.times()
    out += labels(low, [(ways["raw"][-1][1], "as it comes", COLOURS["raw"]),
                        (ways["smooth"][-1][1], "interpolated", COLOURS["smooth"])])
    heading = text(LEFT, 26, "Latency 80 ± 40 ms, 5 % loss; 60 frames a second, 30 updates a second; lag 0.1 s", size=13)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'font-family="system-ui, sans-serif"><rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
            + heading + "\n" + "\n".join(out) + "\n</svg>\n")


rows = read()
sys.stdout.write(draw(rows))
for name in ("raw", "smooth"):
    worst, usual = jerk(rows[120:], name)
    print(f"{name}: change of the way from frame to frame at most {worst * 100:.1f} cm, root mean square "
          f"{usual * 100:.2f} cm; {delay(rows, name) * 1000:.0f} ms behind the owner", file=sys.stderr)
