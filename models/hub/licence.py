"""What licence a checkpoint has, by its model card, and whether that forbids commercial use."""

import re
from pathlib import Path

from models.hub.files import MODEL_CARD

# By name, after the hub's list of licences (https://huggingface.co/docs/hub/repositories-licenses): Creative Commons'
# NC, and those that allow research only; and how those word it who name their own.
_NON_COMMERCIAL = re.compile(
    r"(?<![a-z])(nc|non-?commercial|(academic|research)(-purposes?|-use)?-only|only-for-(academic|research)"
    r"|research-license|intel-research|apple-amlr|deepfloyd-if-license|mrl)(?![a-z])"
)


def non_commercial(licence: str | None) -> bool:
    """Whether the licence of that name forbids commercial use; where none is stated, this cannot be said."""
    return licence is not None and _NON_COMMERCIAL.search(re.sub(r"[\s_]+", "-", licence.lower())) is not None


def licence_notice(name: str, card: str | None, preset: str | None) -> str | None:
    """What is to be said aloud when the model of that name is fetched or loaded, if anything is.

    What the card states counts; where it states none, what the preset does.
    """
    licence = card or preset
    if not non_commercial(licence):
        return None
    return f"{name} must not be used commercially: its licence is {licence}."


def read_licence(folder: Path) -> str | None:
    """The licence that the model card in `folder` states at its head, by its name there; None without one."""
    from huggingface_hub.repocard import metadata_load

    try:
        card = metadata_load(folder / MODEL_CARD) or {}
    except Exception:  # no file, not UTF-8, not YAML: a card that cannot be read states nothing
        return None
    licence = card.get("license")
    if isinstance(licence, list):
        licence = ", ".join(map(str, licence))
    if licence in ("other", None) and (name := card.get("license_name")):
        licence = name
    return str(licence) if licence else None
