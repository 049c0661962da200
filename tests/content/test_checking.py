"""Each rule, with content that keeps it and content that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quizapp.content.checking import (
    RULES,
    Rule,
    check,
    distractors,
    duplicates,
    keys,
    options,
    order,
    stems,
)
from quizapp.content.checking import (
    bank as bank_rules,
)
from quizapp.content.parsing import Bank, parse_bank
from quizapp.content.problems import Severity
from tests.content.banks import Raw, fact, question, topic, write_bank
from tests.content.test_chapters import CASES as CHAPTER_CASES

OPEN = {"text": "a port on each node", "feedback": "That would be open to the outside."}
BALANCED = {"text": "a balancer in the cloud", "feedback": "That would cost money each month."}
KEY = {"text": "an address in the cluster", "correct": True}


def choice(slug: str = "choice", given: list[Raw] | None = None, **fields: Any) -> Raw:
    return question(slug, "single_choice", options=given or [KEY, OPEN, BALANCED], **fields)


def several(*options: Raw) -> Raw:
    return question(kind="multiple_choice", options=list(options))


def true_or_false(slug: str = "statement", *, key: bool, **fields: Any) -> Raw:
    both = [{"text": text, "pinned": True} | fields for text in ("True", "False")]
    both[0 if key else 1]["correct"] = True
    both[1 if key else 0]["feedback"] = "Nothing of the sort is the case."
    return question(slug, "single_choice", options=both)


def many(count: int, make: Callable[[str], Raw]) -> list[Raw]:
    return [make(f"q-{index}") for index in range(count)]


def short(accept: str, **fields: Any) -> Raw:
    return question(kind="short_answer", accept=[accept], **fields)


def cloze(**blank: Any) -> Raw:
    return question(kind="cloze", text="The {{a}} binds.", blanks={"a": blank})


AS_WELL = [question("c", facts=["b"]), question("d", "cloze", facts=["b"])]
BOTH_WAYS = [question("a"), question("b", "short_answer"), *AS_WELL]
LONG = "It " + "very " * 40 + "long?"


def mixed(of_one: list[Raw], of_another: list[Raw]) -> list[Raw]:
    return [raw | {"id": f"q-{index}"} for index, raw in enumerate([*of_one, *of_another])]


def key_of(length: int) -> list[Raw]:
    return [KEY | {"text": "k " * (length // 2 - 1) + "kk"}, OPEN, BALANCED]


CASES: list[tuple[Rule, list[Raw], list[Raw], str]] = [
    # rule, questions that keep it, questions that break it, where the (first) problem is
    (
        stems.stems_are_questions,
        [
            question(stem="What is it?"),
            question(stem="Fill in:"),
            question(stem="Which is **it?**"),
            question(stem="What does this do?\n\n```yaml\nkind: Pod\n```"),
        ],
        [question(stem="Say what it is.")],
        "questions[0].stem",
    ),
    (
        stems.stems_are_short,
        [question(stem=LONG, scenario=True), question(kind="manifest", stem=LONG), question()],
        [question(stem=LONG)],
        "questions[0].stem",
    ),
    (
        stems.recall_drills_one_fact,
        [
            question(bloom="remember"),
            question(facts=["pods-come-and-go", "b"]),
            question(kind="matching", bloom="remember", facts=["pods-come-and-go", "b"]),
        ],
        [question(bloom="remember", facts=["pods-come-and-go", "b"])],
        "questions[0].facts",
    ),
    (
        stems.negatives_are_emphasised,
        [
            question(stem="Which is **not** a type?"),
            question(stem="The Pod does not start. Why?"),
            question(stem="What does `if not x` do?"),
            question(stem="What is a notable knot?"),
        ],
        [question(stem="The Pod starts. Which is Not a cause?")],
        "questions[0].stem",
    ),
    (
        stems.negatives_are_few,
        mixed([question(stem="Which is **not** one?")], many(19, question)),
        mixed([question(stem="Which is **not** one?")] * 2, many(18, question)),
        "",
    ),
    (
        options.options_are_few_and_different,
        [
            choice(),
            choice(given=[KEY, OPEN, BALANCED, OPEN | {"text": "x"}]),
            true_or_false(key=True),
        ],
        [choice(given=[KEY, OPEN])],
        "questions[0].options",
    ),
    (
        options.options_are_few_and_different,
        [choice()],
        [choice(given=[KEY, OPEN, {"text": "`an address` in the  Cluster."}])],
        "questions[0].options[2].text",
    ),
    (
        options.options_are_few_and_different,
        [choice()],
        [choice(given=[KEY, *(OPEN | {"text": f"x{index}"} for index in range(4))])],
        "questions[0].options",
    ),
    *(
        (
            options.no_option_is_about_others,
            [choice(given=[KEY, OPEN, {"text": "all of the Pods, above and below"}])],
            [choice(given=[KEY, OPEN, {"text": text}])],
            "questions[0].options[2].text",
        )
        for text in ("All of the above.", "none of these", "Both A and C", "A and B", "any of them")
    ),
    (
        options.true_and_false_are_pinned,
        [true_or_false(key=True), choice()],
        [true_or_false(key=True, pinned=False)],
        "questions[0].options",
    ),
    (
        keys.keys_are_not_the_longest,
        [
            choice(given=key_of(26)),
            choice(given=[KEY | {"text": "StatefulSet"}, OPEN | {"text": "Pod"}, {"text": "Job"}]),
        ],
        [choice(given=key_of(32))],
        "questions[0].options[0].text",
    ),
    (
        keys.keys_are_not_the_longest_too_often,
        mixed(many(7, choice), [choice(given=key_of(8))] * 13),
        mixed(many(8, choice), [choice(given=key_of(8))] * 12),
        "",
    ),
    (
        keys.true_and_false_are_balanced,
        mixed([true_or_false(key=True)] * 6, [true_or_false(key=False)] * 4),
        mixed([true_or_false(key=True)] * 7, [true_or_false(key=False)] * 3),
        "",
    ),
    (
        keys.true_and_false_are_balanced,
        many(9, lambda slug: true_or_false(slug=slug, key=True)),
        mixed([true_or_false(key=True)] * 3, [true_or_false(key=False)] * 7),
        "",
    ),
    (
        keys.variants_are_accepted,
        [
            short("PersistentVolume", pattern="persistent ?volume"),
            short("targetPort"),
            short("Pod"),
            cloze(accept=["PersistentVolume"], choices=["PersistentVolume", "Pod"]),
        ],
        [short("PersistentVolume")],
        "questions[0].accept",
    ),
    (
        keys.variants_are_accepted,
        [cloze(accept=["PersistentVolume", "persistent volume"])],
        [cloze(accept=["PersistentVolume"])],
        "questions[0].blanks.a.accept",
    ),
    (
        keys.manifests_prove_right,
        [question(kind="manifest"), question()],
        [question(kind="manifest", also_correct=["kind: Pod"])],
        "questions[0].also_correct[0]",
    ),
    (
        distractors.feedback_is_given_on_each_option,
        [choice(), true_or_false(key=False)],
        [choice(given=[KEY, OPEN, {"text": "x"}])],
        "questions[0].options[2]",
    ),
    (
        distractors.feedback_is_given_on_each_option,
        [choice()],
        [choice(given=[KEY, OPEN, BALANCED | {"feedback": "No, it costs money."}])],
        "questions[0].options[2].feedback",
    ),
    (
        distractors.feedback_is_given_on_each_option,
        [choice()],
        [choice(given=[KEY, OPEN, OPEN | {"text": "x"}])],
        "questions[0].options[2].feedback",
    ),
    (
        distractors.feedback_is_given_on_each_option,
        [several(KEY | {"feedback": "That is what every Service has."}, OPEN, BALANCED)],
        [several(KEY, OPEN, BALANCED)],
        "questions[0].options[0]",
    ),
    (
        distractors.options_are_parallel,
        [choice(given=[{**each, "text": f"{each['text']}."} for each in (KEY, OPEN, BALANCED)])],
        [choice(given=[KEY, OPEN, BALANCED | {"text": "a balancer."}])],
        "questions[0].options",
    ),
    (
        distractors.options_are_parallel,
        [choice(given=[KEY | {"text": "`a`"}, OPEN | {"text": "`b`"}, {"text": "`c`"}])],
        [choice(given=[KEY, OPEN, BALANCED | {"text": "`LoadBalancer`"}])],
        "questions[0].options",
    ),
    (
        distractors.absolutes_are_not_left_to_distractors,
        [
            choice(
                given=[KEY | {"text": "only an address"}, OPEN | {"text": "never a port"}, BALANCED]
            )
        ],
        [choice(given=[KEY, OPEN | {"text": "Always a port"}, BALANCED])],
        "questions[0].options[1].text",
    ),
    (
        distractors.no_rare_word_gives_the_key_away,
        mixed(
            [
                choice(given=[KEY, OPEN | {"text": "an address"}, BALANCED], stem="An address?"),
                choice(given=[KEY | {"text": "what stays"}, OPEN, BALANCED]),
                choice(
                    given=[
                        KEY | {"text": "`orders`"},
                        OPEN | {"text": "`ledger`"},
                        BALANCED | {"text": "`archive`"},
                    ],
                    stem="Which of `orders`, `ledger` and `archive` is the Service?",
                ),
            ],
            many(20, question),
        ),
        mixed(
            [
                choice(
                    given=[KEY | {"text": "a stable address"}, OPEN, BALANCED],
                    stem="What is stable?",
                )
            ],
            many(20, question),
        ),
        "questions[0].stem",
    ),
    (bank_rules.facts_are_asked_in_two_ways, BOTH_WAYS, [question(), *AS_WELL], "facts[0]"),
    (bank_rules.facts_are_asked_in_two_ways, BOTH_WAYS, many(2, question) + AS_WELL, "facts[0]"),
    (
        bank_rules.facts_are_asked_in_two_ways,
        BOTH_WAYS,
        [choice(), question("b", "multiple_choice"), *AS_WELL],
        "facts[0]",
    ),
    (
        bank_rules.many_questions_go_beyond_recall,
        mixed(many(8, question), [question(bloom="understand")] * 12),
        mixed(many(7, question), [question(bloom="understand")] * 13),
        "",
    ),
    (
        duplicates.no_two_questions_ask_the_same,
        [
            question(stem="What stays when Pods go?", back="The Service keeps its address."),
            question(stem="What goes with a node?", back="The Pods that run there."),
            short("The Service keeps its address.", stem="What stays when Pods go?"),
        ],
        [
            question(stem="What stays when Pods go?", back="The Service keeps its address."),
            question(stem="What stays when all Pods go?", back="A Service keeps its address."),
        ],
        "questions[1].stem",
    ),
    (
        order.extensions_are_asked_after_what_they_complete,
        [question(), question(facts=["nodes-fail"]), question(facts=["nodes-fail"])],
        [question(facts=["nodes-fail"]), question()],
        "questions[0]",
    ),
    (
        order.questions_build_on_earlier_topics,
        [question(facts=["nodes-fail"])],
        [question(facts=["nodes-fail", "b"])],
        "questions[0].facts[1]",
    ),
    (
        bank_rules.versions_are_named,
        [question(explanation="Newer versions, from 1.33 on, do so."), question()],
        [question(explanation="Newer versions do so.")],
        "questions[0].explanation",
    ),
]
WARNINGS = {
    stems.stems_are_short,
    stems.recall_drills_one_fact,
    keys.variants_are_accepted,
    bank_rules.versions_are_named,
    distractors.feedback_is_given_on_each_option,
    distractors.options_are_parallel,
    distractors.absolutes_are_not_left_to_distractors,
    distractors.no_rare_word_gives_the_key_away,
    order.extensions_are_asked_after_what_they_complete,
    order.questions_build_on_earlier_topics,
}


def bank_of(folder: Path, questions: list[Raw]) -> Bank:
    """A bank of just these questions, numbered, in a topic of one fact, which another extends
    if it is asked for. A later topic has the fact `b`.
    """
    numbered = mixed(questions, [])
    facts = [fact()]
    if any("nodes-fail" in raw["facts"] for raw in numbered):
        facts.append(fact("nodes-fail", extends="pods-come-and-go"))
    topics = {"services": topic(numbered, facts), "volumes": topic([], [fact("b")])}
    bank = parse_bank(write_bank(folder, topics))
    assert bank.problems == ()
    return bank


def test_a_long_topic_is_to_be_divided(tmp_path: Path) -> None:
    def of(count: int) -> Bank:
        facts = [fact(f"fact-{number}") for number in range(count)]
        return parse_bank(write_bank(tmp_path, {"services": topic([], facts)}))

    assert list(order.topics_are_not_too_long(of(25))) == []
    (problem,) = order.topics_are_not_too_long(of(26))
    assert problem.message == "divide this topic: it has 26 facts, over 25"


@pytest.mark.parametrize(("rule", "good", "bad", "field"), CASES)
def test_a_rule_tells_good_from_bad(
    tmp_path: Path, rule: Rule, good: list[Raw], bad: list[Raw], field: str
) -> None:
    assert list(rule(bank_of(tmp_path / "good", good))) == []

    found = list(rule(bank_of(tmp_path / "bad", bad)))
    assert [problem.field for problem in found] == [field]
    assert found[0].severity is (Severity.WARNING if rule in WARNINGS else Severity.ERROR)


def test_every_rule_has_its_cases() -> None:
    with_cases = {rule for rule, *_ in [*CASES, *CHAPTER_CASES]}
    assert with_cases | {order.topics_are_not_too_long} == set(RULES)


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        (stems.negatives_are_few, many(19, lambda slug: question(slug, stem="Which is **not**?"))),
        (keys.keys_are_not_the_longest_too_often, many(19, choice)),
        (
            bank_rules.many_questions_go_beyond_recall,
            many(19, lambda slug: question(slug, bloom="remember")),
        ),
    ],
)
def test_small_banks_have_no_shares(tmp_path: Path, rule: Rule, bad: list[Raw]) -> None:
    assert list(rule(bank_of(tmp_path, bad))) == []


def test_check_gives_all_problems_by_file_and_line(tmp_path: Path) -> None:
    topics = {"services": topic([choice(stem="No.")]), "access": topic([], [fact("b", why=1)])}

    found = check(parse_bank(write_bank(tmp_path, topics)))

    assert [(problem.field, problem.severity) for problem in found] == [
        ("facts[0].why", Severity.ERROR),
        ("facts[0]", Severity.ERROR),
        ("facts[0]", Severity.ERROR),
        ("questions[0].stem", Severity.ERROR),
    ]
