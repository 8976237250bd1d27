"""Read the word lists and tables beside the checks, and refuse a wrong one with its file and row.

A row of a file becomes a frozen dataclass whose fields are the schema: names, types, and defaults for what may be left
out. A field may be text, a whole number, true or false, a list of texts, or a dataclass for a table inside the row.
Three kinds of text are read as something else: a set (words with spaces between them, each once), a Decimal (a number
or a fraction: "0.5", "1/3") and a Literal (one of its texts).
"""

import dataclasses
import tomllib
from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

Row = TypeVar("Row")
_TYPE_NAMES = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    tuple[str, ...]: "a list of texts",
    frozenset[str]: "a text of words",
    Decimal: "a number or a fraction in quotation marks",
}


class DataError(ValueError):
    """A data file of the checks is wrong; the message names the file and the row."""


@cache
def read_toml(package: str, name: str) -> Mapping[str, Any]:
    """Return the content of a TOML file beside the modules of a package.

    Raises DataError if it is not valid TOML.
    """
    try:
        return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{name}: {error}") from error


def rows(name: str, table: Mapping[str, Any], key: str, schema: type[Row]) -> tuple[Row, ...]:
    """Return the rows `[[key]]` of a file as instances of a dataclass.

    Raises DataError if there is none, or if one has an unknown or missing key or a value of another type.
    """
    found = table.get(key)
    if not isinstance(found, list) or not found:
        raise DataError(f"{name}: there is no [[{key}]].")
    return tuple(row(f"{name}, {key} {number}", values, schema) for number, values in enumerate(found, start=1))


def tsv_rows(package: str, name: str, schema: type[Row]) -> tuple[Row, ...]:
    """Return the lines of a TSV file as instances of a dataclass; its first line names the fields.

    An empty cell counts as left out. Raises DataError like `rows`.
    """
    lines = files(package).joinpath(name).read_text(encoding="utf-8").splitlines()
    if len(lines) < 2:
        raise DataError(f"{name}: there are no lines.")
    header = lines[0].split("\t")
    found = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise DataError(f"{name}, line {number}: {len(cells)} cells, but the first line names {len(header)}.")
        values = {key: cell for key, cell in zip(header, cells, strict=True) if cell}
        found.append(row(f"{name}, line {number}", values, schema))
    return tuple(found)


def row(where: str, values: object, schema: type[Row]) -> Row:
    """Return one table as an instance of a dataclass; `where` begins the message of a DataError."""
    if not isinstance(values, Mapping):
        raise DataError(f"{where}: this must be a table.")
    types = get_type_hints(schema)
    fields = {field.name: field for field in dataclasses.fields(schema)}  # type: ignore[arg-type]
    label = next((f" ({values[key]})" for key in ("name", "german") if isinstance(values.get(key), str)), "")
    where += label if len(label) < 40 else label[:40] + "…)"
    if unknown := sorted(set(values) - set(fields)):
        raise DataError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(fields)}.")
    required = [name for name, field in fields.items() if field.default is dataclasses.MISSING]
    if missing := [name for name in required if name not in values]:
        raise DataError(f"{where}: {', '.join(missing)} is missing.")
    return schema(**{name: _value(f"{where}, {name}", value, types[name]) for name, value in values.items()})


def _value(where: str, value: object, wanted: Any) -> object:
    if dataclasses.is_dataclass(wanted):
        return row(where, value, wanted)  # type: ignore[arg-type]
    if wanted == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if wanted in (str, int, bool) and type(value) is wanted and value != "":
        return value
    if isinstance(value, str) and value.strip():
        if wanted == frozenset[str]:
            return _word_set(where, value)
        if wanted is Decimal:
            return _decimal(where, value)
        if get_origin(wanted) is Literal and value in get_args(wanted):
            return value
    known = " or ".join(get_args(wanted)) if get_origin(wanted) is Literal else _TYPE_NAMES.get(wanted, wanted)
    raise DataError(f"{where}: {value!r} is not {known}.")


def _word_set(where: str, text: str) -> frozenset[str]:
    words = text.split()
    if doubled := sorted({word for word in words if words.count(word) > 1}):
        raise DataError(f"{where}: {', '.join(doubled)} stands there twice.")
    return frozenset(words)


def _decimal(where: str, text: str) -> Decimal:
    above, _, below = text.partition("/")
    try:
        return Decimal(above) / Decimal(below or 1)
    except DecimalException as error:
        raise DataError(f"{where}: {text!r} is not {_TYPE_NAMES[Decimal]}.") from error
