"""How the API describes itself: OpenAPI 3.1, with what the parts of the framework do not say."""

from dataclasses import dataclass
from typing import Any

from houqin.edge.api.api import api
from houqin.edge.api.problems import TYPE

ROOT = "/api/v1/"


def described() -> dict[str, Any]:
    """The whole description. Problems have a media type of their own, and a missing key says what would open."""
    found: dict[str, Any] = api.get_openapi_schema(path_prefix=ROOT)
    for operations in found["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    answer["content"] = {TYPE: next(iter(answer["content"].values()))}
    return found


@dataclass(frozen=True)
class Entry:
    """One thing that can be sent: its name, its kind in a word, whether it has to be there."""

    name: str
    kind: str
    needed: bool


@dataclass(frozen=True)
class Operation:
    """One address with what it does, as the page tells it."""

    method: str
    path: str
    summary: str
    scope: str
    entries: list[Entry]


def parts() -> dict[str, list[Operation]]:
    """All addresses, part by part."""
    described_now = described()
    found: dict[str, list[Operation]] = {}
    for path, operations in described_now["paths"].items():
        for method, one in operations.items():
            scope = one["description"].partition("`")[2].rstrip("`")
            entries = [*_of_query(one), *_of_body(one, described_now)]
            found.setdefault(one["tags"][0], []).append(
                Operation(method.upper(), path, str(one["summary"]), scope, entries)
            )
    return found


def _of_query(operation: dict[str, Any]) -> list[Entry]:
    given = operation.get("parameters", [])
    return [Entry(one["name"], _kind(one["schema"]), one["required"]) for one in given if one["in"] == "query"]


def _of_body(operation: dict[str, Any], whole: dict[str, Any]) -> list[Entry]:
    if "requestBody" not in operation:
        return []
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    shape = whole["components"]["schemas"][name]
    needed = shape.get("required", [])
    return [Entry(key, _kind(one), key in needed) for key, one in shape["properties"].items()]


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a word or two: integer, uuid, a | b, list of DeliveryLineIn."""
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"[{_kind(schema['items'])}]"
    return str(schema.get("format") or schema.get("type") or schema.get("const", ""))
