"""What a learner responded, in words."""

from __future__ import annotations

from quizapp.grading import Response, Spec

RATED = {1: "Again", 2: "Hard", 3: "Good", 4: "Easy"}


def given(spec: Spec, response: Response) -> list[str]:
    """The response in pieces of Markdown, one for each part, without a word on what is right.

    Empty for a text of several lines, which is shown as it is, and where nothing was given.
    Raises ResponseError if it does not fit the question any more.
    """
    if response is None or spec.layout == "checks":
        return []
    if spec.is_self_rated:
        return [f"Rated {RATED[response]}"]
    notes = [note for note in spec.grade(response).notes if note.given]
    match spec.layout:
        case "options":
            return [note.part for note in notes]
        case "places":
            placed = sorted(notes, key=lambda note: int(note.given))
            return [f"{note.given}. {note.part}".replace(". ", "\\. ", 1) for note in placed]
        case "pairs":
            return [f"{note.part}: {note.given}" if note.part else note.given for note in notes]
        case _:
            return [note.given for note in notes]


def outcome(score: float, *, is_sure: bool | None) -> str:
    """How a response turned out: right, unsure, partly, wrong, confident."""
    if score == 1:
        return "unsure" if is_sure is False else "right"
    if is_sure:
        return "confident"
    return "partly" if score > 0 else "wrong"


OUTCOMES = {
    "right": "Right",
    "unsure": "Right, not sure",
    "partly": "Partly right",
    "wrong": "Not right",
    "confident": "Not right, though sure",
}
