"""Tiny checkpoints of every seq2seq family: real configurations, real tokenizers, random weights, saved as users do.

The tokenizers are trained on the seeds, in the form that the family's repositories have on the hub. The weights are
random but seeded, and loud enough that outputs differ between sources, end now and then, and do not turn on
differences of rounding.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parent.parent / "seeds"
# What all tiny models share; the names are BART's, which Marian, Pegasus, mBART, M2M100 and FSMT have too.
SHAPE: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 128,
}
T5_SHAPE = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4, "relative_attention_num_buckets": 16}


def seed_lines() -> list[str]:
    """The lines of the seeds that hold something."""
    return [
        line for path in sorted(SEEDS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]


def sentencepiece(file: Path, texts: Iterable[str], size: int = 320, **options: Any) -> None:
    """Train a sentencepiece model and write it to `file`."""
    import io

    from sentencepiece import SentencePieceTrainer

    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=size,
        character_coverage=1.0,
        hard_vocab_limit=False,
        minloglevel=2,
        **options,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(model.getvalue())


def pieces_of(file: Path) -> list[str]:
    """The pieces of a sentencepiece model in the order of their ids."""
    from sentencepiece import SentencePieceProcessor

    model = SentencePieceProcessor(model_file=str(file))
    return [model.id_to_piece(number) for number in range(model.get_piece_size())]


def shake(model: Any, seed: int, eos: int | None, loud: float = 0.5, end: float = 1.4) -> None:
    """Random weights; `end` is how loud the end token is, so that greedy search finds it now and then."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if not weights.requires_grad:  # the sinusoids of positions
                continue
            noise = torch.randn(weights.shape, generator=generator)
            if "norm" in name and name.endswith("weight"):
                weights.copy_(1 + 0.1 * noise)
            else:
                weights.copy_((0.1 if name.endswith("bias") else loud) * noise)
        if eos is not None:
            model.get_output_embeddings().weight[eos] *= end


def save(model: Any, folder: Path, **generation: Any) -> None:
    """Save the model, with what its generation config is to say."""
    model.generation_config.update(**generation)
    model.save_pretrained(folder)


def marian(folder: Path, texts: Sequence[str] | None = None, codes: Sequence[str] = (), **shape: Any) -> None:
    """As Helsinki-NLP/opus-mt-de-en: two sentencepiece models, one vocabulary with <pad> at its end, no <s>.

    With `codes` such as >>eng<<, as one that writes several languages, like opus-mt-gmw-gmw.
    """
    import torch
    from transformers import MarianConfig, MarianMTModel

    lines = list(texts or seed_lines())
    for name, part in (("source.spm", lines), ("target.spm", lines[::-1][: max(20, len(lines) * 2 // 3)])):
        sentencepiece(folder / name, part, model_type="unigram", bos_id=-1, eos_id=0, unk_id=1)
    both = dict.fromkeys(pieces_of(folder / "source.spm") + pieces_of(folder / "target.spm"))
    vocabulary = {piece: number for number, piece in enumerate([*both, *codes, "<pad>"])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    settings = {"source_lang": "de", "target_lang": "en", "model_max_length": shape.get("max_position_embeddings", 128)}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    pad = vocabulary["<pad>"]
    special = {"pad_token_id": pad, "decoder_start_token_id": pad, "eos_token_id": 0, "forced_eos_token_id": 0}
    config = MarianConfig(
        vocab_size=len(vocabulary),
        scale_embedding=True,
        activation_function="swish",
        bos_token_id=0,
        **SHAPE | shape,
        **special,
    )
    model = MarianMTModel(config)
    shake(model, 1, 0)
    with torch.no_grad():
        model.get_input_embeddings().weight[pad] = 0.0  # as training leaves it, for it starts the decoder
        model.final_logits_bias[0, pad] = 8.0  # as loud as the best: what is left when it is forbidden is far from one
    search = {"num_beams": 4, "bad_words_ids": [[pad]], "renormalize_logits": True, "max_length": 128}
    save(model, folder, **search, **special)


def bart(folder: Path, texts: Sequence[str] | None = None, **shape: Any) -> None:
    """As sshleifer/distilbart-cnn-12-6: byte-level BPE, and a generation config with lengths, beams and n-grams."""
    from tokenizers import ByteLevelBPETokenizer
    from transformers import BartConfig, BartForConditionalGeneration, BartTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        list(texts or seed_lines()), vocab_size=420, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    )
    trained.save_model(str(folder))
    positions = (SHAPE | shape)["max_position_embeddings"]
    tokenizer = BartTokenizer.from_pretrained(folder, model_max_length=positions)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    model = BartForConditionalGeneration(BartConfig(vocab_size=len(tokenizer), **SHAPE | shape, **special))
    shake(model, 2, 2)
    lengths = {"max_length": 30, "min_length": 8, "no_repeat_ngram_size": 3, "num_beams": 3, "length_penalty": 2.0}
    save(model, folder, early_stopping=True, forced_bos_token_id=0, forced_eos_token_id=2, **special, **lengths)


def t5(folder: Path, texts: Sequence[str] | None = None, multilingual: bool = False) -> None:
    """As t5-small: a sentencepiece model with <pad> first, sentinels behind it, prefixes in `task_specific_params`."""
    from transformers import MT5Config, MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration, T5Tokenizer

    sentencepiece(folder / "spiece.model", texts or seed_lines(), bos_id=-1, pad_id=0, eos_id=1, unk_id=2)
    options = {"extra_ids": 0} if multilingual else {}
    T5Tokenizer.from_pretrained(folder, model_max_length=128, **options).save_pretrained(folder)
    size = len(T5Tokenizer.from_pretrained(folder))
    special = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    if multilingual:
        config = MT5Config(vocab_size=size + 6, feed_forward_proj="gated-gelu", tie_word_embeddings=False, **T5_SHAPE)
        model: Any = MT5ForConditionalGeneration(config)
        shake(model, 4, 1, loud=0.3)
        save(model, folder, **special)
        (folder / "tokenizer.json").unlink()  # google/mt5-small has none
        return
    tasks = {
        "summarization": {"prefix": "summarize: ", "num_beams": 2, "min_length": 4, "no_repeat_ngram_size": 3},
        "translation_en_to_de": {"prefix": "translate English to German: ", "num_beams": 4},
    }
    model = T5ForConditionalGeneration(
        T5Config(vocab_size=size + 4, n_positions=128, task_specific_params=tasks, **T5_SHAPE)
    )
    shake(model, 3, 1, loud=0.5)
    save(model, folder, **special)


def mt5(folder: Path) -> None:
    """As google/mt5-small: gated, untied, and nothing but a sentencepiece model for a tokenizer."""
    t5(folder, multilingual=True)


def pegasus(folder: Path) -> None:
    """As google/pegasus-cnn_dailymail: sentencepiece whose ids begin behind 103 tokens of pre-training."""
    from transformers import PegasusConfig, PegasusForConditionalGeneration, PegasusTokenizer

    sentencepiece(folder / "spiece.model", seed_lines(), bos_id=-1, pad_id=0, eos_id=1, unk_id=2)
    tokenizer = PegasusTokenizer.from_pretrained(folder, model_max_length=128)
    tokenizer.save_pretrained(folder)
    special = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0, "forced_eos_token_id": 1}
    config = PegasusConfig(vocab_size=len(tokenizer), scale_embedding=True, **SHAPE, **special)
    model = PegasusForConditionalGeneration(config)
    shake(model, 5, 1, end=1.2)
    save(model, folder, num_beams=4, length_penalty=0.8, max_length=32, **special)


def mbart(folder: Path) -> None:
    """As facebook/mbart-large-cc25: the language's token behind the source."""
    from transformers import MBartConfig, MBartForConditionalGeneration, MBartTokenizer

    sentencepiece(folder / "sentencepiece.bpe.model", seed_lines())
    tokenizer = MBartTokenizer.from_pretrained(folder, model_max_length=128)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "forced_eos_token_id": 2}
    model = MBartForConditionalGeneration(
        MBartConfig(vocab_size=len(tokenizer), scale_embedding=True, **SHAPE, **special)
    )
    shake(model, 6, 2)
    save(model, folder, num_beams=5, max_length=128, decoder_start_token_id=tokenizer.convert_tokens_to_ids("en_XX"))


def mbart50(folder: Path) -> None:
    """As facebook/mbart-large-50-many-to-one-mmt: the language's token in front of the source, English forced."""
    from transformers import MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration

    sentencepiece(folder / "sentencepiece.bpe.model", seed_lines())
    tokenizer = MBart50Tokenizer.from_pretrained(folder, model_max_length=128)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    model = MBartForConditionalGeneration(
        MBartConfig(vocab_size=len(tokenizer), scale_embedding=True, **SHAPE, **special)
    )
    shake(model, 7, 2)
    english = tokenizer.convert_tokens_to_ids("en_XX")
    save(model, folder, num_beams=5, max_length=128, forced_eos_token_id=2, forced_bos_token_id=english, **special)


def m2m100(folder: Path) -> None:
    """As facebook/m2m100_418M: a vocabulary beside the sentencepiece model, languages as __de__ behind both."""
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    sentencepiece(folder / "sentencepiece.bpe.model", seed_lines())
    special_tokens = ["<s>", "<pad>", "</s>", "<unk>"]
    rest = [piece for piece in pieces_of(folder / "sentencepiece.bpe.model") if piece not in special_tokens]
    vocabulary = {piece: number for number, piece in enumerate(special_tokens + rest)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    tokenizer = M2M100Tokenizer.from_pretrained(folder, model_max_length=128)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    size = len(vocabulary) + len(tokenizer.lang_code_to_id) + tokenizer.num_madeup_words
    model = M2M100ForConditionalGeneration(M2M100Config(vocab_size=size, scale_embedding=True, **SHAPE, **special))
    shake(model, 8, 2)
    save(model, folder, num_beams=5, max_length=128, early_stopping=True, **special)


def nllb(folder: Path) -> None:
    """As facebook/nllb-200-distilled-600M: M2M100's model with a tokenizer.json, languages as deu_Latn."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import M2M100Config, M2M100ForConditionalGeneration, NllbTokenizer

    trained = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    trained.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    trainer = trainers.BpeTrainer(vocab_size=320, special_tokens=["<s>", "<pad>", "</s>", "<unk>"], show_progress=False)
    trained.train_from_iterator(seed_lines(), trainer)
    model_part = json.loads(trained.to_str())["model"]
    merges = [tuple(merge) for merge in model_part["merges"]]
    tokenizer = NllbTokenizer(vocab=model_part["vocab"], merges=merges, model_max_length=128)
    tokenizer.save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    config = M2M100Config(vocab_size=len(tokenizer), scale_embedding=True, **SHAPE, **special)
    model = M2M100ForConditionalGeneration(config)
    shake(model, 9, 2)
    save(model, folder, max_length=128, **special)


def fsmt(folder: Path) -> None:
    """As facebook/wmt19-de-en: Moses words in BPE, a vocabulary for each side, embeddings of the decoder tied."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import FSMTConfig, FSMTForConditionalGeneration, FSMTTokenizer

    folder.mkdir(parents=True, exist_ok=True)
    trained = Tokenizer(models.BPE(unk_token="<unk>", end_of_word_suffix="</w>"))
    trained.pre_tokenizer = pre_tokenizers.Whitespace()
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(
        vocab_size=420, special_tokens=names, end_of_word_suffix="</w>", limit_alphabet=100, show_progress=False
    )
    trained.train_from_iterator(seed_lines(), trainer)
    model_part = json.loads(trained.to_str())["model"]
    source = model_part["vocab"]
    letters = sorted(token for token in source if token not in names)
    target = {token: number for number, token in enumerate(names + letters[:300])}
    merges = "".join(f"{' '.join(merge)} {1000 - rank}\n" for rank, merge in enumerate(model_part["merges"]))
    files = {"vocab-src.json": json.dumps(source), "vocab-tgt.json": json.dumps(target), "merges.txt": merges}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    FSMTTokenizer.from_pretrained(folder, langs=["de", "en"], model_max_length=128).save_pretrained(folder)
    special = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    config = FSMTConfig(
        langs=["de", "en"], src_vocab_size=len(source), tgt_vocab_size=len(target), scale_embedding=True, **SHAPE
    )
    model = FSMTForConditionalGeneration(config)
    shake(model, 10, 2)
    save(model, folder, num_beams=5, max_length=128, forced_eos_token_id=2, early_stopping=False, **special)


FAMILIES: dict[str, Callable[[Path], None]] = {
    "marian": marian,
    "bart": bart,
    "t5": t5,
    "mt5": mt5,
    "pegasus": pegasus,
    "mbart": mbart,
    "mbart50": mbart50,
    "m2m100": m2m100,
    "nllb": nllb,
    "fsmt": fsmt,
}
