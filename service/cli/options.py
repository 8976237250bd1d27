"""The options that commands share, each with its environment variable, gathered into the values they stand for."""

import functools
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import click
from click.core import ParameterSource

from models.errors import UsageError
from models.loading.settings import LoadSettings
from models.options import MAX_WORDS_RANGE, Options
from service.folder.files import FormatChoice
from service.loading import check_settings
from service.settings import Limits

# More than is of use to one model; far beyond, the system gives no more and CTranslate2 ends the process.
MAX_THREADS = 256
Command = Callable[..., Any]
Decorator = Callable[[Command], Command]


class Setting(click.Option):
    """An option that can also be set from outside: `--some-thing` by KURZUM_SOME_THING."""

    def __init__(self, param_decls: list[str], **attributes: Any) -> None:
        long = max(param_decls, key=len).lstrip("-")
        attributes.setdefault("envvar", "KURZUM_" + long.replace("-", "_").upper())
        attributes.setdefault("show_default", attributes.get("default") is not None)
        super().__init__(param_decls, show_envvar=True, **attributes)

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Where the wrong value stands: the environment, if it came from there, or the command line."""
        if from_environment(ctx, self.name):
            return f"the environment variable {self.envvar}"
        return f"'{max(self.opts, key=len)}'"


def from_environment(ctx: click.Context | None, name: str | None) -> bool:
    """Whether an option's value comes from its environment variable."""
    return ctx is not None and ctx.get_parameter_source(name or "") is ParameterSource.ENVIRONMENT


class DeviceParam(click.ParamType[str]):
    """`auto`, `cpu`, `cuda`, `cuda:1`, `mps`."""

    name = "device"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is, if there can be such a device."""
        if not re.fullmatch(r"auto|cpu|mps|cuda(:\d+)?", value):
            self.fail(f"{value!r} is no device: take auto, cpu, cuda, cuda:1 (the second one) or mps.", param, ctx)
        return value


class PresetParam(click.ParamType[str]):
    """The name of a preset, or the path of a file with one."""

    name = "preset"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name or path as it is, if there is such a preset and all is right with it."""
        from models.presets import load_preset

        try:
            load_preset(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)
        return value


def setting(*names: str, **attributes: Any) -> Decorator:
    """An option with an environment variable."""
    return click.option(*names, cls=Setting, **attributes)


def max_characters_option() -> Decorator:
    """How long a text may be."""
    return setting(
        "--max-characters",
        type=click.IntRange(min=1),
        default=Limits().characters,
        help="Refuse longer texts.",
    )


def source_lang_option() -> Decorator:
    """The language of the source, for a caller who knows it."""
    return setting(
        "--source-lang",
        type=click.Choice(["auto", "de", "en"]),
        default="auto",
        help="Language of the source; auto detects it for each sentence.",
    )


def sources_option() -> Decorator:
    """Whether the sources stand below a summary."""
    return setting(
        "--sources/--no-sources",
        default=None,
        envvar="KURZUM_SOURCES",
        help="Marks, doubts and German sources with the summary; by default on a terminal only.",
    )


def format_option() -> Decorator:
    """How files are read."""
    return click.option(
        "--format",
        "chosen",
        type=click.Choice(get_args(FormatChoice)),
        default="auto",
        show_default=True,
        help="How the source is read; auto goes by the file's name and its first characters.",
    )


def model_options(command: Command) -> Command:
    """As `model_settings`; what cannot be had here is refused before the command does anything."""

    @functools.wraps(command)
    def checked(*args: Any, models: LoadSettings, **given: Any) -> Any:
        check_settings(models)
        return command(*args, models=models, **given)

    return model_settings(checked)


def model_settings(command: Command) -> Command:
    """Which models run where; the command takes them as `models`, a LoadSettings."""
    default = {field.name: field.default for field in fields(LoadSettings)}
    options: list[Decorator] = [
        setting(
            "--preset",
            type=PresetParam(),
            default=default["preset"],
            help="Which models: a name (see kurzum models list) or a .toml file of your own.",
        ),
        setting("--translation-model", metavar="NAME", help="Instead of the preset's: hub id, id@revision or folder."),
        setting("--summary-model", metavar="NAME", help="Likewise for summaries."),
        device_option(),
        setting("--engine", type=click.Choice(["auto", "transformers", "ctranslate2"]), default=default["engine"]),
        setting("--compute-type", help="Number format, such as int8 or float16; by default what suits the device."),
        setting("--threads", type=click.IntRange(1, MAX_THREADS), help="Processor threads; by default one per core."),
        cache_option(),
    ]

    @functools.wraps(command)
    def gathered(*args: Any, **given: Any) -> Any:
        names = ("preset", "translation_model", "summary_model", "device", "engine", "compute_type", "threads")
        chosen = {name: given.pop(name) for name in names}
        return command(*args, models=LoadSettings(**chosen, cache=given.pop("cache")), **given)

    return _with_options(options, gathered)


def device_option() -> Decorator:
    """Where models run."""
    return setting(
        "--device", type=DeviceParam(), default=LoadSettings().device, help="auto, cpu, cuda, cuda:N or mps."
    )


def cache_option() -> Decorator:
    """Where built and fetched models lie."""
    return setting(
        "--cache-dir",
        "cache",
        envvar="KURZUM_CACHE",
        type=click.Path(file_okay=False, path_type=Path),
        default=lambda: LoadSettings().cache,
        show_default="the user's cache folder",
        help="Where models are kept.",
    )


def summary_options(command: Command) -> Command:
    """What the summary should be like; the command takes it as `options`, an Options."""
    options: list[Decorator] = [
        setting("--length", type=click.Choice(["short", "medium", "long"]), default="medium"),
        setting("--max-words", type=click.IntRange(*MAX_WORDS_RANGE), help="Words to aim at, instead of --length."),
        setting("--style", type=click.Choice(["paragraph", "bullets"]), default="paragraph"),
        setting(
            "--mode",
            type=click.Choice(["pivot", "direct"]),
            default="pivot",
            help="By way of an English translation, or straight from the German where the preset can.",
        ),
        setting(
            "--summary-lang",
            type=click.Choice(["en", "de"]),
            default="en",
            help="German summaries are made of the article's own sentences.",
        ),
    ]

    @functools.wraps(command)
    def gathered(*args: Any, **given: Any) -> Any:
        chosen = {name: given.pop(name) for name in ("length", "max_words", "style", "mode", "summary_lang")}
        return command(*args, options=Options(**_resolve_length(chosen)), **given)

    return _with_options(options, gathered)


def _resolve_length(chosen: dict[str, Any]) -> dict[str, Any]:
    """`--length` on the command line goes before KURZUM_MAX_WORDS; both on the command line are one too many."""
    ctx = click.get_current_context()
    if chosen["max_words"] is not None and ctx.get_parameter_source("length") is ParameterSource.COMMANDLINE:
        if not from_environment(ctx, "max_words"):
            raise click.UsageError("Take --length or --max-words, not both.")
        return chosen | {"max_words": None}
    return chosen


def _with_options(options: list[Decorator], command: Command) -> Command:
    """The command with these options, in this order in its help."""
    for option in reversed(options):
        command = option(command)
    return command
