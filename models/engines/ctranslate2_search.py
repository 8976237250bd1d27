"""What both CTranslate2 engines share: the end of a beam search."""

from models.decoding import ResolvedDecoding

# Finished hypotheses to wait for, in beams there are. Without early stopping `generate` goes on until no running beam
# can win, which this comes near to.
PATIENCE_WITHOUT_EARLY_STOPPING = 2.0


def patience(search: ResolvedDecoding) -> float:
    """CTranslate2's `patience`: 1 is early stopping."""
    return 1.0 if search.early_stopping or search.num_beams == 1 else PATIENCE_WITHOUT_EARLY_STOPPING
