"""Articles become HTML in which nothing of the author's is a tag."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellspring.content.rules import markdown


def page(text: str) -> str:
    return markdown.page(text, lambda file_id: f"/f/{file_id}" if file_id.startswith("file_") else "")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("一\n二\n\n三", "<p>一<br>二</p>\n<p>三</p>"),
        ("# 一\n## 二\n正文", "<h2>一</h2>\n<h3>二</h3>\n<p>正文</p>"),
        ("- 一\n- **二**\n\n1. 三\n2) 四", "<ul><li>一</li><li><strong>二</strong></li></ul>\n<ol><li>三</li><li>四</li></ol>"),
        ("> 一\n> *二*", "<blockquote>一<br><em>二</em></blockquote>"),
        ("[看](https://a.example/?a=1&b=2)", '<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow">看</a></p>'),
        ("[看](javascript:alert(1))", "<p>看)</p>"),
        ("![图](file_1)", '<p><img src="/f/file_1" alt="图"></p>'),
        ("![图](https://evil.example/x.png)", "<p></p>"),
        ('<script>alert(1)</script> & "x"', "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;</p>"),
        ("", "<p></p>"),
    ],
)
def test_what_becomes_of_it(text: str, made: str) -> None:
    assert page(text) == made


@given(st.text(alphabet="#-*>![]()<>\"'ab \n\\&h:/\ue010\ue0111", max_size=80))
def test_only_our_own_tags(text: str) -> None:
    names = set(re.findall(r"</?([a-z0-9]+)", page(text)))
    assert names <= {"p", "br", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em", "a", "img"}
