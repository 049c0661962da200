"""Rules of good content, as far as a program can tell. No Django here.

A rule is a function from a bank to problems: errors where it is sure, warnings where a person
should look again. Rules about shares look only at a bank large enough to speak of shares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizapp.content.checking.bank import (
    facts_are_asked_in_two_ways,
    many_questions_go_beyond_recall,
    versions_are_named,
)
from quizapp.content.checking.chapters import (
    chapters_ask_often,
    chapters_state_every_fact,
    questions_are_set_in_after_their_facts,
    sections_are_of_a_good_length,
)
from quizapp.content.checking.distractors import (
    absolutes_are_not_left_to_distractors,
    feedback_is_given_on_each_option,
    no_rare_word_gives_the_key_away,
    options_are_parallel,
)
from quizapp.content.checking.duplicates import no_two_questions_ask_the_same
from quizapp.content.checking.keys import (
    keys_are_not_the_longest,
    keys_are_not_the_longest_too_often,
    manifests_prove_right,
    true_and_false_are_balanced,
    variants_are_accepted,
)
from quizapp.content.checking.options import (
    no_option_is_about_others,
    options_are_few_and_different,
    true_and_false_are_pinned,
)
from quizapp.content.checking.order import (
    extensions_are_asked_after_what_they_complete,
    questions_build_on_earlier_topics,
    topics_are_not_too_long,
)
from quizapp.content.checking.stems import (
    negatives_are_emphasised,
    negatives_are_few,
    recall_drills_one_fact,
    stems_are_questions,
    stems_are_short,
)
from quizapp.content.parsing import Bank
from quizapp.content.problems import Problem

Rule = Callable[[Bank], Iterator[Problem]]

RULES: tuple[Rule, ...] = (
    stems_are_questions,
    stems_are_short,
    recall_drills_one_fact,
    negatives_are_emphasised,
    negatives_are_few,
    options_are_few_and_different,
    no_option_is_about_others,
    true_and_false_are_pinned,
    keys_are_not_the_longest,
    keys_are_not_the_longest_too_often,
    true_and_false_are_balanced,
    variants_are_accepted,
    manifests_prove_right,
    feedback_is_given_on_each_option,
    options_are_parallel,
    absolutes_are_not_left_to_distractors,
    no_rare_word_gives_the_key_away,
    facts_are_asked_in_two_ways,
    many_questions_go_beyond_recall,
    versions_are_named,
    no_two_questions_ask_the_same,
    topics_are_not_too_long,
    questions_build_on_earlier_topics,
    extensions_are_asked_after_what_they_complete,
    chapters_state_every_fact,
    chapters_ask_often,
    questions_are_set_in_after_their_facts,
    sections_are_of_a_good_length,
)


def check(bank: Bank) -> list[Problem]:
    """Everything that reading the bank and the rules found, by file and line."""
    return sorted([*bank.problems, *(problem for rule in RULES for problem in rule(bank))])
