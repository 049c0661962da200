import pytest

from quizapp.grading import ResponseError, parse_spec

CARD = parse_spec("flashcard", {"back": "A stable virtual IP address."})


@pytest.mark.parametrize(
    ("digits", "rating", "score"), [("1", 1, 0), ("2", 2, 1), ("3", 3, 1), ("4", 4, 1)]
)
def test_only_again_means_forgotten(digits: str, rating: int, score: float) -> None:
    response = CARD.read({"recalled": [digits]})

    assert response == rating
    assert CARD.grade(response).score == score


@pytest.mark.parametrize("rating", [None, 1, 3])
def test_the_note_shows_the_back(rating: int | None) -> None:
    (note,) = CARD.grade(rating).notes

    assert note.expected == "A stable virtual IP address."
    assert note.is_right == {None: None, 1: False, 3: True}[rating]


@pytest.mark.parametrize("value", ["0", "5", "good", "٣", "11"])
def test_another_rating_is_refused(value: str) -> None:
    with pytest.raises(ResponseError, match="from Again to Easy"):
        CARD.read({"recalled": [value]})


@pytest.mark.parametrize("response", [0, 5, True, 3.0, "3", [3]])
def test_data_that_is_not_a_rating_is_refused(response: object) -> None:
    with pytest.raises(ResponseError):
        CARD.grade(response)
