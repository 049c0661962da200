from __future__ import annotations

import re

import pytest

from quizapp.content.rendering import markdown, markdown_inline

HARMLESS = {"a", "code", "em", "p", "pre", "span", "table", "tbody", "td", "th", "thead", "tr"}
TAG = re.compile(r"<(/?[a-z0-9]+)([^>]*)>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("`code` and **bold**", "<p><code>code</code> and <strong>bold</strong></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        (
            "[docs](https://kubernetes.io/docs/)",
            '<p><a href="https://kubernetes.io/docs/" rel="noopener">docs</a></p>\n',
        ),
        ("[home](/review/)", '<p><a href="/review/" rel="noopener">home</a></p>\n'),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert markdown(text) == html


def test_a_table_is_rendered() -> None:
    html = markdown("| type | reach |\n|---|--:|\n| ClusterIP | inside |")

    assert "<th>type</th>" in html
    assert "<td>inside</td>" in html
    assert "style" not in html


def test_inline_markdown_has_no_paragraph() -> None:
    assert markdown_inline("`ClusterIP` *only*") == "<code>ClusterIP</code> <em>only</em>"


@pytest.mark.parametrize(
    ("language", "code", "token"),
    [
        ("yaml", "kind: Pod", '<span class="nt">kind</span>'),
        ("bash", "echo $HOME", '<span class="nv">$HOME</span>'),
        ("json", '{"a": 1}', '<span class="mi">1</span>'),
    ],
)
def test_fenced_code_is_highlighted_by_classes(language: str, code: str, token: str) -> None:
    html = markdown(f"```{language}\n{code}\n```")

    assert html.startswith('<pre class="highlight" tabindex="0"><code>')
    assert token in html


@pytest.mark.parametrize("fence", ["```\n{}\n```", "```cobol\n{}\n```", "    {}"])
def test_other_code_is_shown_as_it_is(fence: str) -> None:
    assert "a: &lt;b&gt; &amp; c" in markdown(fence.format("a: <b> & c"))


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](ftp://example.org)",
        "[x](mailto:a@example.org)",
        "<javascript:alert(1)>",
        "![x](https://example.org/pixel.png)",
        '[x](https://example.org "a\\" onclick=alert(1) ")',
        "[x]: javascript:alert(1)\n\n[x]",
        "```yaml\n</code></pre><script>alert(1)</script>\n```",
        '```"><script>alert(1)</script>\na\n```',
        "`<script>alert(1)</script>`",
        "<style>*{display:none}</style>",
        '<iframe src="https://example.org"></iframe>',
        "<form action=/logout><button>",
        "| <b onclick=x> |\n|---|\n| <script> |",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<!-- comment --><math><mi//xlink:href='data:x,y'>",
    ],
)
def test_nothing_that_acts_gets_through(attack: str) -> None:
    for html in (markdown(attack), markdown_inline(attack)):
        for tag, attributes in TAG.findall(html):
            assert tag.strip("/") in HARMLESS
            assert not re.search(r"\bon\w+=|style=|src=", re.sub(r'"[^"]*"', '""', attributes))
            for address in re.findall(r'href="([^"]*)"', attributes):
                assert re.match(r"https?://|/|[^:]*$", address)
