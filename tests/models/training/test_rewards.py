"""What a hypothesis is worth: most as the human wrote it, and less for what no article says."""

import pytest

from models.training import rewards

ARTICLE = "The mayor of Linz, Anna Huber, said on Monday that 1,200 houses would be built by 2031."


def test_the_human_translation_has_the_highest_reward() -> None:
    human = "the dog sleeps in the garden today"
    same, near, far = rewards.translation_rewards(
        [human, "a cat sleeps in the garden today", "nothing of the kind"], human
    )
    assert same == pytest.approx(1)
    assert 1 > near > far > 0


def test_the_reward_of_a_summary_is_its_words_and_pairs_of_words() -> None:
    same, turned, other = rewards.summary_rewards(
        ["the mayor spoke", "spoke mayor the", "nobody listened here"], "The mayor spoke.", ARTICLE
    )
    assert (same, turned, other) == (1, 0.5, 0)


@pytest.mark.parametrize(
    ("fact", "share"), [("1,200", 0), ("1200", 0), ("1,300", 1), ("Huber", 0), ("Gruber", 1), ("Linz and Wels", 0.5)]
)
def test_numbers_and_names_that_the_article_does_not_hold_cost(fact: str, share: float) -> None:
    (found,) = rewards.summary_rewards([f"it was, {fact}"], "nothing of the kind", ARTICLE)
    assert found == -rewards.UNSUPPORTED_FACT_PENALTY * share


def test_names_are_not_looked_for_in_another_language() -> None:
    (found,) = rewards.summary_rewards(["it was, in Vienna 7"], "nothing of the kind", "Es war in Wien.", names=False)
    assert found == -rewards.UNSUPPORTED_FACT_PENALTY
    assert rewards.summary_rewards(["it was, in Vienna"], "nothing", "Es war in Wien.", names=False) == (0,)


def test_a_figure_that_stands_with_another_subject_costs() -> None:
    article = (
        "More people live in Austria than a year ago. The country grew by 115,000 people. Its cities grew, too. "
        "Many moved there for work. Most of them came to Vienna, where rents rose."
    )
    right, wrong = rewards.summary_rewards(
        ["Austria grew by 115,000 people", "Vienna grew by 115,000 people"], "x", article
    )
    assert right == 0
    assert wrong == -rewards.OUT_OF_CONTEXT_FACT_PENALTY / 2
    assert rewards.summary_rewards(["It grew"], "x", "") == (0,)
