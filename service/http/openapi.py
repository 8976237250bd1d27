"""What OpenAPI should say about bodies that are read by hand, with examples that a test sends to the service."""

import json
from collections.abc import Mapping
from typing import Any

from service.http.requests import FILES, Request
from service.http.responses import ProblemBody

Json = dict[str, Any]

TEXT = (
    "Die Stadt Freiburg baut bis 2027 drei neue Radwege. Das Vorhaben kostet 4,5 Mio. Euro. "
    "Der Gemeinderat stimmte am Dienstag mit großer Mehrheit zu."
)
HTML = f"<html><body><article><h1>Neue Radwege</h1><p>{TEXT}</p></article></body></html>"

SUMMARY_EXAMPLES: Json = {
    "plain": {"summary": "A text", "value": {"text": TEXT}},
    "everything": {
        "summary": "All fields",
        "value": {
            "text": HTML,
            "id": "radwege-1",
            "title": "Neue Radwege",
            "format": "html",
            "source_lang": "de",
            "summary_lang": "en",
            "length": "short",
            "max_words": 60,
            "style": "bullets",
            "mode": "pivot",
            "include": ["translation", "text"],
        },
    },
}
TRANSLATION_EXAMPLES: Json = {
    "plain": {"summary": "A text", "value": {"text": TEXT}},
    "with text": {"summary": "The source text in the report", "value": {"text": TEXT, "include": ["text"]}},
}

CHECK_EXAMPLES: Json = {
    "plain": {
        "summary": "A summary with a wrong number",
        "value": {
            "text": TEXT,
            "summary": "Freiburg is building three new cycle paths. They cost 45 million euros.",
            "id": "radwege-1",
        },
    },
}

# Schemas that responses below refer to by hand, because FastAPI would list them under application/json.
COMPONENTS: Json = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
COMPONENTS = COMPONENTS.pop("$defs") | {"ProblemBody": COMPONENTS}


def _problems(statuses: Mapping[int, str]) -> dict[int | str, Json]:
    schema = {"$ref": "#/components/schemas/ProblemBody"}
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": text, "content": content} for status, text in statuses.items()}


PROBLEMS = _problems(
    {
        400: "The body is malformed",
        408: "The body did not arrive in time",
        413: "The body or the text is too large",
        415: "The body's media type is not supported",
        422: "The request or the article cannot be used; `errors` says which field and why",
        503: "The queue is full or the model is not ready; see Retry-After",
        504: "The time allowed for the article is over",
    }
)
ANSWERS: dict[int | str, Json] = PROBLEMS | {
    200: {
        "description": "The report, or what Accept asked for",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": 'event: progress\ndata: {"stage":"translate","done":1,"total":3}\n\n',
            },
        },
    },
}
NOT_READY = _problems({503: "Not ready, and why"})
BATCH_ANSWERS: dict[int | str, Json] = {
    **{status: PROBLEMS[status] for status in (400, 415, 422, 503)},
    200: {
        "description": "One Report or one ProblemBody (with `line`) a line",
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    },
}
BATCH_BODY: Json = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-ndjson": {
                "schema": {"type": "string"},
                "example": "".join(
                    json.dumps({"id": name, "text": TEXT}, ensure_ascii=False) + "\n" for name in ("a", "b")
                ),
            }
        },
    }
}


UPLOAD_BODY: Json = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


def json_body(model: type[Request], examples: Json) -> Json:
    """The request body of a route that takes JSON alone."""
    return {"requestBody": {"required": True, "content": _json_content(model, examples)}}


def body(model: type[Request], examples: Json) -> Json:
    """The request body of a route: JSON as `model` says, or a text with the options as query parameters."""
    text = {"schema": {"type": "string"}, "example": TEXT}
    html = {"schema": {"type": "string"}, "example": HTML}
    binary = {"schema": {"type": "string", "format": "binary"}}
    files: Json = {media_type: binary for media_type in FILES if not media_type.startswith("text/")}
    markdown = {"schema": {"type": "string"}, "example": f"# Neue Radwege\n\n{TEXT}\n"}
    texts = {"text/plain": text, "text/html": html, "text/markdown": markdown}
    content = _json_content(model, examples) | texts | files
    return {"requestBody": {"required": True, "content": content}}


def _json_content(model: type[Request], examples: Json) -> Json:
    return {"application/json": {"schema": model.model_json_schema(), "examples": examples}}
