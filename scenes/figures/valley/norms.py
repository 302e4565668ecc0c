"""Where a norm stands: a booth that has to be passed, in front of each hall or where road and shortcut have met."""

from __future__ import annotations

from scenes.figures.valley.halls import DEEP, LONG
from scenes.figures.valley.land import point
from scenes.figures.valley.valley import Valley
from scenes.kit.drawing.camera import View
from scenes.kit.drawing.painting import Pen, Recording, mix

HALF, HIGH = 0.78, 2.35  # half the length of a booth along the valley, its height
BEFORE = LONG + HALF + 0.12  # from a hall's middle to that of its booth
OVER, REACH = 1.15, 1.2  # half the length and depth of one over a sum
BOOTHS = 260.0  # width of views up to which booths can be made out
LEAST = 32  # px at full HD: the size of letters below which they are left out


class Norms:
    """Booths with a name. ``behind``: one over every sum, where both ways have met; else one in front of every hall,
    aside from the shortcut. ``shown`` lets them grow, ``lit`` is how bright they shine by themselves."""

    def __init__(self, valley: Valley, name: str, behind: bool) -> None:
        self.valley, self.name, self.behind = valley, name, behind
        self.shown = self.lit = 0.0
        self._word = Recording(lambda pen: pen.text(name, 0.0, -0.35, 1.0, valley.palette.bay_ink))
        valley.above.insert(0, self._paint)

    def place(self, block: int) -> tuple[float, float]:
        """Where the middle of a booth is, (u, v)."""
        land = self.valley.land
        if self.behind:
            return float(land.states[block]), 0.0
        u, v = land.hall(block)
        return u - BEFORE, v

    def _paint(self, pen: Pen, view: View) -> None:
        if self.shown <= 0.01 or view.width > BOOTHS:
            return
        left, right = view.seen(3.0)
        places = [self.place(block) for block in range(1, self.valley.land.depth + 1)]
        for u, v in sorted(places, key=lambda place: -place[1]):
            if left < u < right:
                self._booth(pen, u, v)

    def _booth(self, pen: Pen, u: float, v: float) -> None:
        palette, night = self.valley.palette, self.valley.night.depth()
        (half, deep), high = (OVER, REACH) if self.behind else (HALF, DEEP), HIGH * self.shown
        base = mix(mix(palette.number, palette.wall, 0.45), "#0A0F22", 0.5 * night)
        tone = mix(base, palette.number, self.lit)
        side = [(-deep, 0.0), (deep, 0.0), (deep, high), (-deep, high)]
        pen.polygon([point(u + half, v + dv, h) for dv, h in side]).fill(mix(tone, "#000000", 0.45))
        top = [(-half, -deep), (half, -deep), (half, deep), (-half, deep)]
        pen.polygon([point(u + du, v + dv, high) for du, dv in top]).fill(mix(tone, "#FFFFFF", 0.12))
        front = [(-half, 0.0), (half, 0.0), (half, high), (-half, high)]
        pen.polygon([point(u + du, v - deep, h) for du, h in front]).fill(tone)
        em = min(1.1, 1.75 * half / max(pen.width(self.name, 1.0), 1e-6))
        if em >= pen.px(LEAST) and self.shown > 0.6:
            x, y = point(u, v - deep, high / 2)
            pen.ctx.save()
            pen.ctx.translate(x, y)
            pen.ctx.scale(em, em)
            self._word.replay(pen)  # part of the scenery: the frame may cut it
            pen.ctx.restore()
