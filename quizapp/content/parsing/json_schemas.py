"""JSON Schemas of the content files, with which editors complete and check them while typing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from quizapp.content.schema import ConfusablesFile, Topic, TracksFile
from quizapp.grading import KINDS

JsonSchema = dict[str, Any]


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out titles, which would only repeat the names of the fields."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - overrides
        return False


def stale_files(folder: Path) -> dict[Path, str]:
    """What has to be written where, so that a content folder has its schema files."""
    texts = {
        "topic.schema.json": topic_schema(),
        "tracks.schema.json": tracks_schema(),
        "confusables.schema.json": confusables_schema(),
    }
    wanted = {folder / name: _as_text(schema) for name, schema in texts.items()}
    return {path: text for path, text in wanted.items() if _read(path) != text}


def topic_schema() -> JsonSchema:
    """The shape of a topic file. A question has its kind's fields beside the common ones."""
    definitions = _definitions(Topic, *KINDS.values())
    question = definitions["Question"]
    kinds = {kind: definitions.pop(spec.__name__) for kind, spec in KINDS.items()}
    definitions["Question"] = {
        "description": question["description"],
        "oneOf": [_question_schema(question, kind, own) for kind, own in kinds.items()],
    }
    return _document("Topic", definitions)


def tracks_schema() -> JsonSchema:
    """The shape of the file of tracks."""
    return _document("TracksFile", _definitions(TracksFile))


def confusables_schema() -> JsonSchema:
    """The shape of the file of what people mix up."""
    return _document("ConfusablesFile", _definitions(ConfusablesFile))


def _definitions(*models: type[BaseModel]) -> dict[str, JsonSchema]:
    _, schema = models_json_schema(
        [(model, "validation") for model in models], schema_generator=_WithoutTitles
    )
    definitions: dict[str, JsonSchema] = schema["$defs"]
    return definitions


def _question_schema(question: JsonSchema, kind: str, own: JsonSchema) -> JsonSchema:
    """The common fields and those of one kind."""
    common = {name: each for name, each in question["properties"].items() if name != "spec"}
    required = [name for name in question["required"] if name != "spec"]
    return {
        "type": "object",
        "title": kind,
        "additionalProperties": False,
        "properties": {**common, "kind": {"const": kind}, **own["properties"]},
        "required": required + own.get("required", []),
    }


def _document(root: str, definitions: dict[str, JsonSchema]) -> JsonSchema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **definitions.pop(root),
        "$defs": definitions,
    }


def _as_text(schema: JsonSchema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
