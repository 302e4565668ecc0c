"""What a lecturer takes away: captions, tracks, chapters, formats, posters, manifests."""

from __future__ import annotations

import base64
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import srt
from manim._config.video_encoder import VideoEncoderSpec
from PIL import Image

from scenes.kit.drawing.theme import DARK, LIGHT
from scenes.kit.errors import UsageError
from scenes.kit.telling.timeline import Timeline
from scenes.kit.video.encoding import COLOUR_TAGS
from scenes.kit.video.segments import WholeSegmentEncoder
from scenes.studio.files import formats
from scenes.studio.files.outputs import deliver
from scenes.studio.look import Look
from sim.params import load
from tests.conftest import Run
from tests.studio.conftest import CHAPTER, HEIGHT, RATE, SOFT, TINY, WIDTH, finished

pytestmark = pytest.mark.xdist_group("clip")
PARAMETERS = load()
BURNT = Look(**TINY)


def frames(path: Path, codec: str | None = None) -> np.ndarray:
    """All frames of a short clip as RGBA, (frames, height, width, 4); VP9's alpha is seen by libvpx alone."""
    with av.open(str(path)) as source:
        track = source.streams.video[0]
        if codec is None:
            return np.stack([frame.to_ndarray(format="rgba") for frame in source.decode(track)])
        decoder = av.CodecContext.create(codec, "r")
        packets = [packet for packet in source.demux(track) if packet.size]
        found = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
        return np.stack([frame.to_ndarray(format="rgba") for frame in found])


def digests(path: Path) -> list[int]:
    """One for each frame of a clip, as it was encoded; equal for equal pictures."""
    with av.open(str(path)) as source:
        return [hash(frame.to_ndarray().tobytes()) for frame in source.decode(video=0)]


def last(path: Path) -> np.ndarray:
    return np.asarray(formats.picture_at(path).convert("RGBA"))


def test_a_clip_carries_its_captions_and_chapters(clip: Path, tmp_path: Path) -> None:
    line = Timeline.read_beside(clip)
    target = deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS)
    assert target.name == "PlainBlock-es-108p.mp4"
    with av.open(str(target)) as whole:
        assert [stream.type for stream in whole.streams][:2] == ["video", "subtitle"]
        track = whole.streams.subtitles[0]
        assert track.codec_context.name == "mov_text"
        assert (track.metadata["language"], int(track.disposition) & 1) == ("spa", 1)
        said = [(p.pts, p.duration, bytes(p)[2:].decode()) for p in whole.demux(track) if p.size > 2]
        marks = whole.chapters()
        assert whole.metadata["title"] == line.title
    assert said == [
        (round(s.start * 1000), round(s.end * 1000) - round(s.start * 1000), "\n".join(s.lines)) for s in line.sentences
    ]
    assert [mark["metadata"]["title"] for mark in marks] == [beat.heading for beat in line.beats]
    assert [float(mark["start"] * mark["time_base"]) for mark in marks] == pytest.approx(
        [beat.start for beat in line.beats], abs=0.001
    )


def test_caption_files_say_what_the_beats_say(clip: Path, tmp_path: Path) -> None:
    line = Timeline.read_beside(clip)
    target = deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS)
    cues = list(srt.parse(target.with_suffix(".srt").read_text(encoding="utf-8")))
    assert [cue.content for cue in cues] == ["\n".join(said.lines) for said in line.sentences]
    assert [cue.start.total_seconds() for cue in cues] == pytest.approx(
        [said.start for said in line.sentences], abs=0.001
    )
    vtt = target.with_suffix(".vtt").read_text(encoding="utf-8")
    assert vtt.startswith("WEBVTT\n\n" + line.beats[0].name + "\n00:00:00.000 --> ")
    told = target.with_suffix(".md").read_text(encoding="utf-8")
    assert told.startswith(f"# {line.title}\n")
    assert all(beat.text in told for beat in line.beats)


def test_the_beats_fill_the_clip(clip: Path) -> None:
    line = Timeline.read_beside(clip)
    assert line.duration == pytest.approx(len(digests(clip)) / RATE)
    ends = [0.0, *(beat.end for beat in line.beats)]
    assert [beat.start for beat in line.beats] == pytest.approx(ends[:-1])


def test_an_mp4_plays_where_lectures_happen(clip: Path, tmp_path: Path) -> None:
    target = deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS)
    with av.open(str(target)) as whole:
        track = whole.streams.video[0]
        context = track.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert context.colorspace == 6  # SMPTE 170M, the matrix it is encoded with
        assert track.sample_aspect_ratio in (None, 0, 1)
        assert track.average_rate == track.base_rate == RATE
        steps = np.diff(sorted(packet.pts for packet in whole.demux(track) if packet.size))
        assert set(steps) == {track.time_base.denominator // RATE}
    data = target.read_bytes()
    assert data.find(b"moov") < data.find(b"mdat")  # the index in front: plays while it loads
    assert digests(target) == digests(clip)


def test_a_film_has_a_chapter_per_chapter(clip: Path, tmp_path: Path) -> None:
    line = Timeline.read_beside(clip)
    target = deliver([clip, clip], SOFT, tmp_path, "Atajos", PARAMETERS)
    with av.open(str(target)) as whole:
        assert [mark["metadata"]["title"] for mark in whole.chapters()] == [line.title] * 2
        second = whole.chapters()[1]
        assert float(second["start"] * second["time_base"]) == pytest.approx(line.duration, abs=0.001)
    assert digests(target) == digests(clip) * 2
    cues = list(srt.parse(target.with_suffix(".srt").read_text(encoding="utf-8")))
    assert len(cues) == 2 * len(line.sentences)
    assert cues[-1].end.total_seconds() == pytest.approx(2 * line.duration, abs=0.001)
    told = target.with_suffix(".md").read_text(encoding="utf-8")
    assert told.count("\n## ") == 2
    minutes, seconds = divmod(int(line.duration), 60)
    assert f"```\n0:00 {line.title}\n{minutes}:{seconds:02} {line.title}\n```" in told  # as video sites want chapters


def test_captions_are_in_the_picture_only_when_asked(media: Path, clip: Path) -> None:
    burned = finished(media, BURNT)
    assert burned != clip
    soft, burn = last(clip), last(burned)
    zone = round(0.87 * len(soft))
    changed = np.abs(soft.astype(int) - burn.astype(int)).max(axis=-1) > 24  # more than the encoder makes of an edge
    assert changed[zone:].mean() > 0.05 and not changed[: zone - 2].any()  # in its zone, and nowhere else
    assert Timeline.read_beside(burned).captions == "burn"


def test_a_clip_with_burned_captions_has_no_second_ones(media: Path, tmp_path: Path) -> None:
    target = deliver([finished(media, BURNT)], BURNT, tmp_path, CHAPTER.name, PARAMETERS)
    assert target.name == "PlainBlock-es-108p-captions.mp4"
    with av.open(str(target)) as whole:
        assert not whole.streams.subtitles
    assert (tmp_path / "PlainBlock-es-108p.srt").is_file()  # for sites; of another name, so that players leave it alone


def test_the_manifest_says_what_it_was_made_from(clip: Path, media: Path, tmp_path: Path) -> None:
    target = deliver([clip], SOFT, tmp_path, CHAPTER.name, load(str(media / "small.toml")))
    told = json.loads((tmp_path / f"{target.name}.json").read_text(encoding="utf-8"))
    line = Timeline.read_beside(clip)
    assert told["parameters"]["identity"]["width"] == 4
    assert told["chapters"][0]["records"] == line.digest
    assert told["duration"] == pytest.approx(line.duration, abs=0.001)
    assert set(told["versions"]) >= {"atajos", "manim", "python", "typst", "pycairo", "av"}
    assert set(told["measured_with"]) == {"numpy", "python", "torch"}
    assert sorted([*told["files"], f"{target.name}.json"]) == sorted(path.name for path in tmp_path.iterdir())
    with Image.open(target.with_suffix(".png")) as poster:
        assert poster.size == (WIDTH, HEIGHT) == (told["width"], told["height"])
        assert np.array_equal(np.asarray(poster.convert("RGBA")), last(clip))


def test_what_is_there_is_left_and_what_is_gone_is_made_again(clip: Path, tmp_path: Path) -> None:
    target = deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS) == target
    assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    target.with_suffix(".srt").unlink()
    deliver([clip], SOFT, tmp_path, CHAPTER.name, PARAMETERS)
    assert before.keys() == set(tmp_path.iterdir())


def test_one_beat_is_what_it_is_in_its_chapter(clip: Path, media: Path) -> None:
    line = Timeline.read_beside(clip)
    beat = line.beats[2]
    part = finished(media, SOFT, beat.name)
    assert digests(part) == digests(clip)[round(beat.start * RATE) : round(beat.end * RATE)]
    assert Timeline.read_beside(part).beats[0].text == beat.text
    with pytest.raises(UsageError, match=f"has no beat 'nope'; there are: {line.beats[0].name}"):
        finished(media, SOFT, "nope")


def test_a_gif_is_small_and_lasts_as_long(clip: Path, media: Path, tmp_path: Path) -> None:
    large = finished(media, Look(captions="soft"), Timeline.read_beside(clip).beats[1].name)
    target = deliver([large], Look(captions="soft", format="gif"), tmp_path, CHAPTER.name, PARAMETERS)
    line = Timeline.read_beside(large)
    assert target.stat().st_size / line.duration < 1_000_000  # 10 MB for 10 s at 480p
    with Image.open(target) as picture:
        assert picture.info["loop"] == 0
        lasts = 0
        for i in range(picture.n_frames):
            picture.seek(i)
            lasts += picture.info["duration"]
        shows = np.asarray(picture.convert("RGBA"), dtype=int)
    assert lasts / 1000 == pytest.approx(line.duration, abs=0.1)
    assert np.abs(shows - last(large)).mean() < 2


def test_a_mov_without_alpha_is_the_mp4_in_another_box(clip: Path, tmp_path: Path) -> None:
    target = deliver([clip], Look(captions="soft", format="mov", **TINY), tmp_path, CHAPTER.name, PARAMETERS)
    assert digests(target) == digests(clip)


def test_transparent_clips_keep_their_alpha(clip: Path, media: Path, tmp_path: Path, blank: Any) -> None:
    clear = {"theme": "transparent", "captions": "soft"} | TINY
    short = finished(media, Look(**clear), Timeline.read_beside(clip).beats[0].name)
    right = frames(short)
    assert right[-1, -1, -1, 3] == 0
    assert right[-1, ..., 3].max() == 255
    mov = deliver([short], Look(**clear), tmp_path, "x", PARAMETERS)
    assert mov.suffix == ".mov"
    with av.open(str(mov)) as whole:
        assert whole.streams.video[0].codec_context.name == "qtrle"
    assert np.array_equal(frames(mov), right)
    webm = deliver([short], Look(**clear, format="webm"), tmp_path, "x", PARAMETERS)
    again = frames(webm, "libvpx-vp9")
    assert again.shape == right.shape
    assert np.abs(again[..., 3].astype(int) - right[..., 3]).mean() < 1
    gif = deliver([short], Look(**clear, format="gif"), tmp_path, "x", PARAMETERS)
    with Image.open(gif) as picture:
        assert picture.convert("RGBA").getpixel((WIDTH - 1, HEIGHT - 1))[3] == 0
    with Image.open(mov.with_suffix(".png")) as poster:
        assert poster.mode == "RGBA"
        assert np.array_equal(np.asarray(poster), right[-1])
    pixels = shown(blank, webm, [(WIDTH - 1, HEIGHT - 1)])
    assert pixels[0][3] <= 4  # VP9 loses a little, and a wall stands near


def shown(page, clip: Path, places: list[tuple[int, int]]) -> list[list[int]]:
    """The RGBA that Chromium shows at some places of a clip, a moment after its start."""
    kind = "webm" if clip.suffix == ".webm" else "mp4"
    data = f"data:video/{kind};base64,{base64.b64encode(clip.read_bytes()).decode()}"
    return page.evaluate(
        """async ([data, places]) => {
            const video = document.createElement("video");
            video.muted = true; video.src = data;
            await new Promise((done, fail) => {
                video.onloadeddata = done;
                video.onerror = () => fail(video.error.message);
            });
            video.currentTime = 0.3;
            await new Promise((done) => { video.onseeked = done; });
            const canvas = document.createElement("canvas");
            canvas.width = video.videoWidth; canvas.height = video.videoHeight;
            const pen = canvas.getContext("2d");
            pen.drawImage(video, 0, 0);
            return places.map(([x, y]) => Array.from(pen.getImageData(x, y, 1, 1).data));
        }""",
        [data, [list(place) for place in places]],
    )


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_chromium_shows_the_colours_of_the_theme(kind: str, tmp_path: Path, blank: Any) -> None:
    roles = ("background", "panel", "caption", "ink", "muted", "faint", "data", "gradient", "skip", "branch", "danger")
    colours = [getattr(theme, role) for theme in (DARK, LIGHT) for role in roles]
    wanted = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours])
    picture = np.full((1080, 1920, 4), 255, dtype=np.uint8)  # of this size players guess another matrix
    width = 1920 // len(colours)
    for i, colour in enumerate(wanted):
        picture[:, i * width : (i + 1) * width, :3] = colour
    options = tuple(({"crf": "23"} | COLOUR_TAGS).items())
    spec = VideoEncoderSpec("mp4", "libx264", "yuv420p", 1920, 1080, Fraction(15), options)
    encoder = WholeSegmentEncoder(target=tmp_path / "colours.mp4", spec=spec)
    encoder.write_frame(picture, repeat=6)  # 0.4 s
    encoder.finish()
    target = tmp_path / "colours.mp4"
    if kind == "webm":
        target = tmp_path / "colours.webm"
        formats.webm([tmp_path / "colours.mp4"], target, alpha=False)
    pixels = np.array(shown(blank, target, [(i * width + width // 2, 540) for i in range(len(colours))]))
    assert np.abs(pixels[:, :3] - wanted).max() <= (2 if kind == "mp4" else 4)  # webm is encoded a second time


def test_a_transparent_mp4_is_refused(here: Run, tmp_path: Path) -> None:
    done = here("render", "GradientFlow", "--transparent", "--format", "mp4")
    assert done.returncode == 2
    assert "--format mp4: has no alpha channel; for a transparent clip take mov, webm, gif or png" in done.stderr
    done = here("render", "GradientFlow", "--format", "avi")
    assert done.returncode == 2
    assert "--format: 'avi' is not known; allowed: auto, mp4, webm, mov, gif, png" in done.stderr
    assert not list(tmp_path.iterdir())
