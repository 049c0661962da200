from __future__ import annotations

from django.db import models

from quizapp.content.models.question import Question


class QuestionText(models.Model):
    """What a question says, in forms that the database can search, compare and sort by.

    Made from the question whenever it is written, and apart from it, since learners' pages need
    none of this. `text` has each word once, folded, so that a search for folded words finds them
    however they are written. `digest` is that of the source, to be compared with the question's
    `source_digest`.
    """

    question = models.OneToOneField(Question, models.CASCADE, related_name="written")
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField(null=True)
    text = models.TextField()

    class Meta:
        # To compare and to sort without reading the texts.
        indexes = (models.Index(fields=("question", "digest", "changed_at"), name="bank_changes"),)

    def __str__(self) -> str:
        return f"{self.question_id}: {self.digest[:8]}"
