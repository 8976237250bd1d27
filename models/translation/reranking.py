"""Of the hypotheses of a beam, the one that is likely and near to its source in meaning comes first.

A model's own probability says which English is likely, and says little of what was lost on the way there. The sentence
encoder that finds the evidence sees the German and the English beside each other. models/training/LOG.md has the gain.
"""

from collections.abc import Sequence

from models.decoding import Hypothesis, with_alternatives
from models.evidence.embeddings import embed

# What a cosine of 1 weighs against a log probability; from 0.5 to 2 the figures hardly differ.
SIMILARITY_WEIGHT = 1.0


def rerank(
    sources: Sequence[str],
    hypotheses: Sequence[Hypothesis],
    length_penalty: float = 1.0,
    similarity_weight: float = SIMILARITY_WEIGHT,
) -> list[Hypothesis]:
    """For each source its best hypothesis, with the rest of the beam as its `alternatives`, best first.

    Best is the sum of the log probability, over the length to the power of `length_penalty`, as the search had it,
    and of the cosine times `similarity_weight`. Where there is no choice nothing is encoded.
    """
    beams = [(hypothesis, *hypothesis.alternatives) for hypothesis in hypotheses]
    open_ = [i for i, beam in enumerate(beams) if len(beam) > 1]
    if not open_:
        return list(hypotheses)
    texts = [[sources[i], *(one.text for one in beams[i])] for i in open_]
    rows = iter(embed([text for group in texts for text in group]))
    found = list(hypotheses)
    for i, group in zip(open_, texts, strict=True):
        source, *targets = (next(rows) for _ in group)
        # The end token counts, where there is one.
        likely = [one.score * max(1, one.tokens + one.finished) ** (1 - length_penalty) for one in beams[i]]
        worth = [one + similarity_weight * float(source @ row) for one, row in zip(likely, targets, strict=True)]
        # Of equals the first stays before the others: `sorted` is stable.
        order = sorted(range(len(targets)), key=worth.__getitem__, reverse=True)
        found[i] = with_alternatives([beams[i][place] for place in order])
    return found
