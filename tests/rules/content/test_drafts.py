"""What keeps a draft from being sent, what a list shows of it, and where its versions may go."""

from typing import Any

import pytest

from wellspring.content.contracts import Article, Attachment, Block, Body, Draft, MaterialKind, PartKind, Poster, VersionState
from wellspring.content.rules import drafts, states

K, P = MaterialKind, PartKind
BLOCKS = (Block("text", 0, 0, 1), Block("code", 0, 0, 1, url="https://a.example"), Block("x", 0, 0, 1))
GOOD_LINK = Attachment(P.LINK, "新品", url="https://a.example/")


def codes(kind: MaterialKind, body: Body, **more: Any) -> list[str]:
    return [one.code.removeprefix("content.") for one in drafts.problems(Draft(body, **more), kind, ["肤质"])]


@pytest.mark.parametrize(
    ("kind", "body", "more", "found"),
    [
        (K.TEXT, Body("你好 {{ member.attributes.肤质 }}"), {}, []),
        (K.TEXT, Body("", template_id="tpl"), {}, []),
        (K.TEXT, Body("", html="<p>x</p>", subject="x"), {}, []),
        (K.TEXT, Body(" "), {}, ["empty"]),
        (K.TEXT, Body("{% if %}"), {}, ["syntax"]),
        (K.TEXT, Body("{{ member.nix }}"), {}, ["variable_unknown"]),
        (K.TEXT, Body("https://a.example/{{ member.name }}"), {}, ["link_personal"]),
        (K.TEXT, Body("好" * 4_001), {}, ["too_long"]),
        (K.TEXT, Body("x", tuple([GOOD_LINK] * 10)), {}, ["too_long"]),
        (K.TEXT, Body("x", fields=(("a", "{{ staff.nix }}"),)), {}, ["variable_unknown"]),
        (K.LINK, Body("x"), {}, ["part_missing"]),
        (K.LINK, Body("", (GOOD_LINK,)), {}, []),
        (K.LINK, Body("", (Attachment(P.LINK, " ", url="javascript:1"),)), {}, ["empty", "url"]),
        (K.LINK, Body("", (Attachment(P.LINK, "x", url="http://[broken"),)), {}, ["url"]),
        (K.IMAGE, Body("", (Attachment(P.IMAGE),)), {}, ["file_missing"]),
        (K.VIDEO, Body("", (Attachment(P.VIDEO, file_id="f"),)), {}, []),
        (K.FILE, Body("", (Attachment(P.FILE, file_id="f"),)), {}, []),
        (K.MINI, Body("", (Attachment(P.MINI, "x", app_id="wx1"),)), {}, ["empty"]),
        (K.MINI, Body("", (Attachment(P.MINI, "x", app_id="wx1", path="p", cover_file_id="f"),)), {}, []),
        (K.POSTER, Body(""), {}, ["empty"]),
        (K.POSTER, Body(""), {"poster": Poster()}, ["empty"]),
        (K.POSTER, Body(""), {"poster": Poster(background_file_id="f")}, []),
        (
            K.POSTER,
            Body(""),
            {"poster": Poster(blocks=(Block("text", 0, 0, 1), Block("code", 0, 0, 1, url="https://a.example"), Block("x", 0, 0, 1)))},
            ["empty", "empty"],
        ),
        (K.POSTER, Body(""), {"poster": Poster(4_000, 4_000, background_file_id="f")}, ["too_long"]),
        (K.ARTICLE, Body(""), {"article": Article("标题", text="正文")}, []),
        (K.ARTICLE, Body(""), {"article": Article("标题")}, ["empty"]),
        (K.ARTICLE, Body(""), {}, ["empty"]),
        (K.ARTICLE, Body(""), {"article": Article("标题", text="好" * 100_001)}, ["too_long"]),
    ],
)
def test_problems(kind: MaterialKind, body: Body, more: dict[str, Any], found: list[str]) -> None:
    assert codes(kind, body, **more) == found


def test_what_a_list_shows() -> None:
    assert drafts.excerpt(Draft(Body("一\n 二"))) == "一 二"
    assert drafts.excerpt(Draft(Body("", (GOOD_LINK,)))) == "新品"
    assert drafts.excerpt(Draft(Body(""), article=Article("标题"))) == "标题"
    assert drafts.excerpt(Draft(Body(""))) == ""
    picture = Attachment(P.IMAGE, file_id="f1")
    assert drafts.cover(Draft(Body("", (GOOD_LINK, picture)))) == "f1"
    assert drafts.cover(Draft(Body(""), article=Article("x", cover_file_id="f2"))) == "f2"
    assert drafts.cover(Draft(Body(""), poster=Poster(background_file_id="f3"))) == "f3"
    assert drafts.cover(Draft(Body("x"))) == ""


def test_files_and_fallbacks() -> None:
    blocks = (Block("picture", 0, 0, 1, file_id="f2"),)
    body = Body("{{ member.name }}", (Attachment(P.VIDEO, file_id="f1", cover_file_id="f4"),))
    whole = Draft(body, Poster(blocks=blocks), Article("x", cover_file_id="f3"))
    assert drafts.files(whole) == {"f1", "f2", "f3", "f4"}
    assert drafts.fallbacks(whole, {"member.name": " 朋友 ", "staff.name": "x"}) == {"member.name": "朋友"}
    assert drafts.fallbacks(whole, {"member.name": " "}) == {}


def test_steps_of_a_version() -> None:
    assert states.after("submit", VersionState.DRAFT) is VersionState.WAITING
    assert states.after("submit", VersionState.REJECTED) is VersionState.WAITING
    assert states.after("approve", VersionState.DRAFT) is None
    assert states.after("reject", VersionState.WAITING) is VersionState.REJECTED
    assert states.after("withdraw", VersionState.WAITING) is VersionState.DRAFT
    assert not states.is_written_over(VersionState.APPROVED)
    assert states.is_written_over(VersionState.WAITING)
