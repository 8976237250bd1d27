"""The lexicon's file from a dictionary in the Wiktionary extract's form."""

import gzip
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
DICTIONARY = """\
# English :: German dictionary
gouge {v} (make a mark by scooping) :: ausstechen, bohren
supplant {v} :: verdrängen, ausstechen
hard disk {n} (unit and all the disks within it) :: Festplatte {f}
hard drive {n} :: Festplatte {f}
fag {n} :: Kippe {f} [slang]
stub {n} :: Kippe {f}
Aachen {prop} (city) :: Aachen {n}
colour {n} SEE: color ::
"""


def test_terms_are_in_the_order_of_their_use_and_names_stay_out(tmp_path: Path) -> None:
    dictionary, pairs, out = tmp_path / "d.txt.gz", tmp_path / "p.tsv.gz", tmp_path / "out.tsv"
    dictionary.write_bytes(gzip.compress(DICTIONARY.encode()))
    pairs.write_bytes(gzip.compress(b"Er stach sie.\tHe won.\nAusgestochen wurden alle.\tAll were supplanted.\tde\n"))
    command = [sys.executable, "-m", "models.lexicon.build", str(dictionary), str(out), str(pairs)]
    subprocess.run(command, cwd=ROOT, check=True)
    assert out.read_text(encoding="utf-8").splitlines() == [
        "Festplatte\tnoun\t0\thard disk; hard drive",
        "Kippe\tnoun\t0\tstub; fag",
        "ausstechen\tverb\t1\tsupplant; gouge",
        "bohren\tverb\t0\tgouge",
        "verdrängen\tverb\t0\tsupplant",
    ]
