"""What tests of the service and of the command line share."""

import pytest

from tests.trained import Trained, make


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A Marian and a BART that know fifty German articles and their summaries; trained once a run."""
    return make(tmp_path_factory.mktemp("trained"))
