"""Hostile strings for regular expressions, derived from each pattern's own parts, and every use of `re` in a package.

A pattern that backtracks does so on text that almost matches: many repetitions of what one of its repeats takes, behind
what stands before that repeat, and then something that fails. `hostile_strings` builds such texts from the parsed
pattern. `patterns` finds the patterns: call sites by the syntax tree, their values by watching `re.compile` while the
module is imported, or from the constant in the call.
"""

import ast
import importlib
import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from re import _constants as c  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import FrameType, ModuleType

FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
LENGTH = 20_000
SECONDS = 0.2
_MAX_STRINGS = 160
_OUTSIDE = 'aA1 -.!é\n,"„ßÄ_'


@dataclass(frozen=True)
class Use:
    """One call of a function of `re`: where it is, the patterns that it was seen with, and how they are applied."""

    path: str
    line: int
    patterns: tuple[re.Pattern[str], ...]
    anchored: bool
    """Whether the pattern is only ever tried at the start of a text (`match`, `fullmatch`)."""


def call_sites(path: Path) -> list[ast.Call]:
    """The calls of functions of `re` in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "re"
        for alias in node.names
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            name = function.attr if function.value.id == "re" else ""
        else:
            name = names.get(function.id, "") if isinstance(function, ast.Name) else ""
        if name in FUNCTIONS:
            found.append(node)
    return found


def _same_place(one: ast.AST, other: ast.Call) -> bool:
    """Whether two nodes of two readings of a file are the same call."""
    return isinstance(one, ast.Call) and (one.lineno, one.col_offset) == (other.lineno, other.col_offset)


def _anchored(path: Path, node: ast.Call) -> bool:
    """Whether a call, or what is done with the constant that it is assigned to, begins at the start of the text."""
    anchored = {"match", "fullmatch"}
    function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if function != "compile":
        return function in anchored
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        target.id
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Assign) and any(_same_place(inner, node) for inner in ast.walk(statement))
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    used = [
        (inner.value.id, inner.attr)
        for inner in ast.walk(tree)
        if isinstance(inner, ast.Attribute) and inner.attr in FUNCTIONS - {"compile"}
        if isinstance(inner.value, ast.Name) and inner.value.id != "re"
    ]
    # A pattern in a list is used under another name: then whatever the module does with patterns counts.
    methods = {method for name, method in used if name in names} or {method for _, method in used}
    return bool(methods) and methods <= anchored


def patterns(root: Path, package: str) -> list[Use]:
    """Every use of `re` below `package`, in a fresh interpreter: the modules must not have been imported before."""
    seen: dict[tuple[str, int], list[re.Pattern[str]]] = {}
    originals = {name: getattr(re, name) for name in FUNCTIONS}

    def watch(name: str) -> Callable[..., Any]:
        def call(pattern: Any, *args: Any, **named: Any) -> Any:
            frame: FrameType = sys._getframe(1)
            if name == "compile":
                compiled = originals[name](pattern, *args, **named)
                if isinstance(compiled.pattern, bytes):  # as hard as the same pattern on text
                    text = compiled.pattern.decode("latin-1")
                    flags = compiled.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE)
                    seen.setdefault((frame.f_code.co_filename, frame.f_lineno), []).append(originals[name](text, flags))
                    return compiled
                seen.setdefault((frame.f_code.co_filename, frame.f_lineno), []).append(compiled)
                return compiled
            return originals[name](pattern, *args, **named)

        return call

    re.compile = watch("compile")  # type: ignore[assignment]
    paths = sorted((root / package).rglob("*.py"))
    try:
        for path in paths:
            if path.name != "__main__.py":
                _call_cached(
                    importlib.import_module(
                        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
                    )
                )
    finally:
        re.compile = originals["compile"]
    uses = []
    for path in paths:
        for node in call_sites(path):
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            there = [p for line in lines for p in seen.get((str(path), line), [])]
            if not there and node.args:
                there = _constant(node)
            name = path.relative_to(root).as_posix()
            uses.append(Use(name, node.lineno, tuple(dict.fromkeys(there)), _anchored(path, node)))
    return uses


def _call_cached(module: "ModuleType") -> None:
    """Call the functions of a module that make a pattern when it is first needed."""
    for value in vars(module).values():
        if hasattr(value, "cache_info") and value.__annotations__.get("return") == re.Pattern[str]:
            value()


def _constant(node: ast.Call) -> list[re.Pattern[str]]:
    """The pattern of a call whose first argument is a constant, or a constant around escaped words."""
    pattern = node.args[0]
    flags = 0
    for keyword in node.keywords:
        if keyword.arg == "flags":
            flags = eval(ast.unparse(keyword.value), {"re": re})
    if isinstance(pattern, ast.Constant):
        value = pattern.value.decode("latin-1") if isinstance(pattern.value, bytes) else str(pattern.value)
        return [re.compile(value, flags)]
    if isinstance(pattern, ast.JoinedStr):
        parts = []
        for value in pattern.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            elif isinstance(value, ast.FormattedValue) and ast.unparse(value.value).startswith("re.escape("):
                parts.append("Wort")
            else:
                return []
        return [re.compile("".join(parts), flags)]
    return []


def hostile_strings(pattern: re.Pattern[str]) -> list[str]:
    """Texts of `LENGTH` characters that are hard for `pattern`."""
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    units: dict[tuple[str, str], None] = {}
    for prefix, unit in _repeats(tree, ""):
        if unit:
            units[prefix, unit] = None
    whole = _example(tree, 0)
    singles = dict.fromkeys(unit for _, unit in units)
    texts: dict[str, None] = {}

    def add(prefix: str, unit: str, end: str) -> None:
        times = max(1, (LENGTH - len(prefix) - len(end)) // len(unit))
        texts[prefix + unit * times + end] = None

    for unit in ["a", " ", "\n", "1", *singles]:
        add("", unit, "")
    for prefix, unit in units:
        for end in ("!", "\n", "a", " "):
            add(prefix, unit, end)
        if prefix:
            add("", prefix + unit, "")
    for unit in [*singles, *([whole] if whole else [])]:
        for separator in (" ", ",", ".", "\n", "-"):
            add("", unit + separator, "!")
    if whole:
        add("", whole, "\0")
    few = [u for u in singles if len(u) == 1][:6]
    for first in few:
        for second in few:
            if first != second:
                add("", first + second, "!")
    every = list(texts)
    return every if len(every) <= _MAX_STRINGS else every[:: -(-len(every) // _MAX_STRINGS)]


def _repeats(tree: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """(what leads to it, what it repeats) for each repeat in a parsed pattern."""
    for op, value in tree:
        if op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, inner = value
            if most > 8:
                for choice in range(4):
                    yield prefix, _example(inner, choice)
            yield from _repeats(inner, prefix)
        elif op is c.SUBPATTERN:
            yield from _repeats(value[-1], prefix)
        elif op is c.ATOMIC_GROUP:
            yield from _repeats(value, prefix)
        elif op is c.BRANCH:
            for branch in value[1]:
                yield from _repeats(branch, prefix)
        elif op in (c.ASSERT, c.ASSERT_NOT):
            yield from _repeats(value[1], prefix)
        prefix = (prefix + _example([(op, value)], 0))[-200:]


def _example(tree: Any, choice: int) -> str:
    """A short string that the parsed pattern takes; `choice` picks among classes and branches."""
    text = ""
    for op, value in tree:
        if op is c.LITERAL:
            text += chr(value)
        elif op is c.NOT_LITERAL:
            text += next(ch for ch in _OUTSIDE[choice:] + "b" if ord(ch) != value)
        elif op is c.ANY:
            text += "aA1 "[choice % 4]
        elif op is c.IN:
            text += _member(value, choice)
        elif op in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            least, most, inner = value
            text += _example(inner, choice) * (least or min(1, most))
        elif op is c.SUBPATTERN:
            text += _example(value[-1], choice)
        elif op is c.ATOMIC_GROUP:
            text += _example(value, choice)
        elif op is c.BRANCH:
            text += _example(value[1][choice % len(value[1])], choice)
    return text


_CATEGORIES = {
    c.CATEGORY_DIGIT: "1",
    c.CATEGORY_NOT_DIGIT: "a -",
    c.CATEGORY_SPACE: " \n",
    c.CATEGORY_NOT_SPACE: "aA1",
    c.CATEGORY_WORD: "aA1_",
    c.CATEGORY_NOT_WORD: " -.!",
}


def _member(items: Sequence[tuple[Any, Any]], choice: int) -> str:
    """A character of a class."""
    if items[0][0] is c.NEGATE:
        single = re.compile("[" + "".join(_class_part(op, value) for op, value in items[1:]) + "]")
        outside = [ch for ch in _OUTSIDE + "bxZ" if not single.match(ch)] or ["\u4e00"]
        return outside[choice % len(outside)]
    members: list[str] = []
    for op, value in items:
        if op is c.LITERAL:
            members.append(chr(value))
        elif op is c.RANGE:
            members += [chr(value[0]), chr(value[1])]
        elif op is c.CATEGORY:
            members += _CATEGORIES[value]
    # The first, the last, the second, the one before the last: a class often ends with the marks that cause trouble.
    place = choice // 2 if choice % 2 == 0 else -1 - choice // 2
    return members[place % len(members)]


def _class_part(op: Any, value: Any) -> str:
    """An item of a class, written again."""
    if op is c.LITERAL:
        return re.escape(chr(value))
    if op is c.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {
        c.CATEGORY_DIGIT: r"\d", c.CATEGORY_NOT_DIGIT: r"\D", c.CATEGORY_SPACE: r"\s",
        c.CATEGORY_NOT_SPACE: r"\S", c.CATEGORY_WORD: r"\w", c.CATEGORY_NOT_WORD: r"\W",
    }[value]  # fmt: skip


class TooSlow(Exception):
    """A pattern took longer than `SECONDS` of processor time on a text."""


def slowest(pattern: re.Pattern[str], texts: Sequence[str], *, anchored: bool) -> tuple[float, str, str]:
    """The most processor time that a way to use `pattern` takes on one of `texts`, with the way and the text's start.

    A search that takes far longer than allowed is interrupted: `re` lets signals through.
    """

    def stop(*_: object) -> None:
        raise TooSlow

    ways: dict[str, Callable[[str], object]] = {"match": pattern.match, "fullmatch": pattern.fullmatch}
    if not anchored:
        ways = {"search": pattern.search, "finditer": lambda text: sum(1 for _ in pattern.finditer(text))}
    worst = (0.0, "", "")
    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for text in texts:
            for way, use in ways.items():
                best = 9.0
                for _ in range(2):  # the better of two: other work on the machine disturbs the first
                    start = time.process_time()
                    signal.setitimer(signal.ITIMER_VIRTUAL, 3 * SECONDS)
                    try:
                        use(text)
                    except TooSlow:
                        pass
                    finally:
                        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
                    best = min(best, time.process_time() - start)
                    if best < SECONDS:
                        break
                worst = max(worst, (best, way, text[:60]))
                if best > SECONDS:
                    return worst
    finally:
        signal.signal(signal.SIGVTALRM, before)
    return worst


def main() -> int:
    """Print as JSON, for the files whose paths begin as asked: each pattern that is too slow or not known.

    A row is the path, the pattern (empty if it is not known when the module is imported), and how it was slow.
    """
    root = Path.cwd()
    only = tuple(sys.argv[1:])
    rows: list[tuple[str, str, str]] = []
    for package in ("models", "service"):
        for use in patterns(root, package):
            if only and not use.path.startswith(only):
                continue
            if not use.patterns:
                rows.append((use.path, "", f"line {use.line}: the pattern is not known when the module is imported"))
            for pattern in use.patterns:
                seconds, way, text = slowest(pattern, hostile_strings(pattern), anchored=use.anchored)
                if seconds > SECONDS:
                    rows.append((use.path, pattern.pattern, f"line {use.line}: {way} took {seconds:.2f} s on {text!r}"))
    print(json.dumps(rows, ensure_ascii=False, indent=1))
    return len(rows)


if __name__ == "__main__":
    sys.exit(main() > 0)
