"""A tiny Marian that translates fifty German sentences and a tiny BART that summarises fifty English articles, really.

Both are trained in seconds until they give back what they were shown, so that command, service and batch can be held
to whole sentences. The articles are made of the translated sentences: one goes all the way from German to its summary.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.checkpoints import bart, marian

WHO = {
    "Die Lehrerin": "The teacher",
    "Der Bäcker": "The baker",
    "Der Bauer": "The farmer",
    "Die Ärztin": "The doctor",
    "Der Fischer": "The fisherman",
    "Die Richterin": "The judge",
    "Der Gärtner": "The gardener",
    "Die Malerin": "The painter",
    "Der Fahrer": "The driver",
    "Die Köchin": "The cook",
}
# What they do, in German, in English, and in fewer words.
WHAT = [
    ("kauft am Montag ein altes Fahrrad", "buys an old bicycle on Monday", "buys an old bicycle"),
    ("repariert im Sommer das Dach der Schule", "repairs the roof of the school in summer", "repairs the roof"),
    (
        "liest jeden Abend lange Briefe aus der Heimat",
        "reads long letters from home every evening",
        "reads long letters",
    ),
    ("verkauft auf dem Markt frisches Brot", "sells fresh bread at the market", "sells fresh bread"),
    ("wartet am Morgen auf den Bus in die Stadt", "waits for the bus to the city in the morning", "waits for the bus"),
]
SHAPE: dict[str, Any] = {
    "d_model": 64,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_ffn_dim": 128,
    "decoder_ffn_dim": 128,
    "dropout": 0.0,
}


@dataclass(frozen=True)
class Trained:
    """The two folders, the pairs that they know, and the article in German that each summary belongs to."""

    translator: Path
    summarizer: Path
    sentences: dict[str, str]
    summaries: dict[str, str]
    articles: dict[str, str]


def sentences() -> dict[str, str]:
    """Fifty German sentences and their English, and the one by which the service tells that a model is whole."""
    known = {f"{de} {was}.": f"{en} {what}." for de, en in WHO.items() for was, what, _ in WHAT}
    return {**known, "Der Hund schläft im Garten.": "The dog sleeps in the garden."}


def articles() -> list[tuple[str, str, str]]:
    """Fifty articles of six sentences in German and English, and summaries that the first and the last bear out."""
    chosen = random.Random(7)
    rows = []
    for number in range(50):
        first = (list(WHO.items())[number % 10], WHAT[number // 10])
        others = [(who, what) for who in WHO.items() for what in WHAT if who != first[0] and what != first[1]]
        told = [first, *chosen.sample(others, 5)]
        german = " ".join(f"{who[0]} {what[0]}." for who, what in told)
        english = " ".join(f"{who[1]} {what[1]}." for who, what in told)
        (a, does_a), (b, does_b) = told[0], told[-1]
        rows.append((german, english, f"{a[1]} {does_a[2]} and {b[1].replace('The', 'the')} {does_b[2]}."))
    return rows


def train(folder: Path, pairs: dict[str, str], rate: float = 3e-3, steps: int = 600, **languages: str) -> int:
    """Train the checkpoint in `folder` from new weights until it knows every pair by heart; the steps that took.

    `languages` are what a tokenizer of several is told: `src_lang` and `tgt_lang`.
    """
    import torch
    from transformers import AutoConfig, AutoModelForSeq2SeqLM, AutoTokenizer, GenerationConfig

    torch.manual_seed(1)
    # Two threads would wait for each other at every layer of so small a model, for minutes where a core is busy.
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder, **languages)
    generation = GenerationConfig.from_pretrained(folder)
    config = AutoConfig.from_pretrained(folder)
    config.decoder_start_token_id = generation.decoder_start_token_id  # which T5 and Pegasus need to learn
    model: Any = AutoModelForSeq2SeqLM.from_config(config)
    model.generation_config = generation
    inputs = tokenizer(list(pairs), return_tensors="pt", padding=True)
    labels = tokenizer(text_target=list(pairs.values()), return_tensors="pt", padding=True)["input_ids"]
    labels[labels == tokenizer.pad_token_id] = -100
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / 30))
    model.eval()  # without dropout
    for step in range(steps):
        logits = model(**inputs, labels=labels).logits
        each = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), reduction="none")
        loss = each.sum() / (labels != -100).sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if each.max().item() < 0.1:  # no token less sure than 90 %, so that no search can find better ones
            model.save_pretrained(folder)
            return step + 1
    raise AssertionError(f"{folder.name} has not learned its pairs in {steps} steps: its loss is still {loss:.3f}")


def make(folder: Path) -> Trained:
    """Both checkpoints below `folder`."""
    known, rows = sentences(), articles()
    marian(folder / "translator", [*known, *known.values()], **SHAPE)
    train(folder / "translator", known)
    bart(folder / "summarizer", [english for _, english, _ in rows], max_position_embeddings=256, **SHAPE)
    train(folder / "summarizer", {english: summary for _, english, summary in rows})
    return Trained(
        folder / "translator",
        folder / "summarizer",
        known,
        {english: summary for _, english, summary in rows},
        {german: summary for german, _, summary in rows},
    )
