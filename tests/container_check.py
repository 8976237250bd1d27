"""Carry out the Dockerfile without a container engine, then start what came out as a container would be started.

    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm BASE
    .venv/bin/python -m tests.container_check BASE WORK [--build-arg NAME=VALUE] [--bind PATH] [--env NAME=VALUE]

For a person with root on Linux, where no image can be built; run it from the repository's root. BASE is an unpacked
root with Python 3.11 in place of the base image; WORK gets the roots of both stages (a first one that is there is kept,
as engines do). The steps are read from the Dockerfile. `--bind` and `--env` lend the build what it needs of this
machine, such as a mirror.

The start: a root that is mounted read-only, an empty volume over /models, no network but the loopback, the Dockerfile's
user, no capability and no way to get one; the service and the batch are process 1, and signals reach them as such. Then
the health check, a summary of a seed, the end by SIGTERM, a batch, a preset fetched from the stand-in for the hub and a
summary by it after that has gone. All of it once more as a user that nobody has heard of, with no writable /tmp and on
a port of the command's own.
"""

import argparse
import fcntl
import json
import os
import re
import shlex
import shutil
import signal
import socket
import string
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.hub_stand_in import hub

ROOT = Path(__file__).resolve().parent.parent
SELF = [sys.executable, "-m", "tests.container_check"]
START = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction of a Dockerfile with what follows it; comments and line ends gone."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found = re.split(r"(?<!\\)\n", "\n".join(lines))
    return [(one.split()[0], " ".join(one.replace("\\\n", " ").split(maxsplit=1)[1:])) for one in found]


def build(given: argparse.Namespace) -> dict[str, Any]:
    """Both stages, in WORK/build and WORK/image; what the image says of its start."""
    asked = dict(one.split("=", 1) for one in given.build_arg)
    lent = dict(one.split("=", 1) for one in given.env)
    roots: list[Path] = []
    kept = (given.work / "build").exists()
    image: dict[str, Any] = {}
    for what, rest in instructions((ROOT / "Dockerfile").read_text(encoding="utf-8")):
        if what == "FROM":
            kept = kept and not roots
            roots.append(given.work / ("build" if not roots else "image"))
            if not kept:
                shutil.rmtree(roots[-1], ignore_errors=True)
                subprocess.run(["cp", "-a", "--reflink=auto", given.base, roots[-1]], check=True)
            image = {"ENV": dict(START), "ARG": {}, "WORKDIR": "/"}
        elif kept and what in ("COPY", "RUN", "WORKDIR"):
            continue
        elif what == "ARG":
            name, _, value = rest.partition("=")
            image.setdefault("ARG", {})[name] = asked.get(name, value.strip('"'))
        elif what == "ENV":
            pairs = [one.split("=", 1) for one in shlex.split(rest)]
            image["ENV"] |= {name: string.Template(value).safe_substitute(image["ENV"]) for name, value in pairs}
        elif what == "COPY":
            copy(rest, roots, image["WORKDIR"])
        elif what == "RUN":
            print(f"RUN {rest[:110]}", flush=True)
            environment = image["ENV"] | image["ARG"] | lent
            command = ["env", f"--chdir={image['WORKDIR']}", "/bin/sh", "-c", rest]
            lend = given.bind if len(roots) == 1 else []
            inside = [*SELF, "--mounted", json.dumps([str(roots[-1].resolve()), lend, command])]
            subprocess.run(["unshare", "--mount", "--pid", "--fork", *inside], check=True, env=environment)
        elif what == "WORKDIR":
            image[what] = rest
            (roots[-1] / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif what == "HEALTHCHECK":
            image[what] = json.loads(rest[rest.index("[") :])
        else:
            image[what] = json.loads(rest) if rest.startswith("[") else rest
    return image


def copy(rest: str, roots: list[Path], workdir: str) -> None:
    """COPY: from the repository without compiled files, or from the stage before."""
    *sources, target = [word for word in rest.split() if not word.startswith("--")]
    to = roots[-1] / (Path(workdir) / target).as_posix().lstrip("/")
    for name in sources:
        source = roots[0] / name.lstrip("/") if "--from" in rest else ROOT / name
        if source.is_dir():
            compiled = None if "--from" in rest else shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, to, symlinks=True, ignore=compiled, dirs_exist_ok=True)
        else:
            shutil.copy2(source, to)


def mounted(root: str, bind: list[str], command: list[str]) -> None:
    """In namespaces of its own: mount what a build step sees and become it."""
    mount("--make-rprivate", "/")
    mount("--bind", "/dev", f"{root}/dev")
    mount("-t", "proc", "proc", f"{root}/proc")
    for path in ["/etc/resolv.conf", *bind]:
        there = Path(root + path)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.mkdir(exist_ok=True) if Path(path).is_dir() else there.touch()
        mount("--bind", path, str(there))
    os.execvp("chroot", ["chroot", root, *command])


def mount(*words: str) -> None:
    """Mount or fail."""
    subprocess.run(["mount", *words], check=True)


def start(root: str, image: dict[str, Any], user: str, port: int, writable_tmp: bool, taught: dict[str, str]) -> None:
    """In namespaces of its own, without a network: start the image as it says and ask it."""
    mount("--make-rprivate", "/")
    given = Path(root).parent / "volumes"
    shutil.rmtree(given, ignore_errors=True)
    mount("--bind", root, root)
    for name in ("in", "out"):  # an engine makes the folders on which it mounts
        Path(root, name).mkdir(exist_ok=True)
    Path(root, "etc/hosts").write_text("127.0.0.1 localhost\n")  # and it writes this
    mount("-o", "remount,bind,ro", root)
    for name in ("models", "in", "out"):
        (given / name).mkdir(parents=True)
        like = Path(root, name).stat()  # a new volume takes after the folder that it covers
        os.chown(given / name, like.st_uid, like.st_gid)
        (given / name).chmod(like.st_mode if name == "models" else 0o777)
        mount("--bind", str(given / name), f"{root}/{name}")
    seed = sorted((ROOT / "seeds").glob("*.txt"))[0]
    shutil.copy(seed, given / "in")
    mount("-o", "remount,bind,ro", f"{root}/in")
    mount("--rbind", "/dev", f"{root}/dev")
    mount("-t", "tmpfs", "-o", "size=64m,mode=1777", "tmpfs", f"{root}/dev/shm")
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "sysfs", "-o", "ro", "sysfs", f"{root}/sys")
    if writable_tmp:
        mount("-t", "tmpfs", "tmpfs", f"{root}/tmp")
    loopback_up()
    uid, gid = user.split(":")
    rights = ["--clear-groups", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    enter = ["chroot", root, "setpriv", f"--reuid={uid}", f"--regid={gid}", *rights, "env", "-i"]
    enter += [f"{name}={value}" for name, value in image["ENV"].items()]
    status = subprocess.run([*enter, "cat", "/proc/self/status"], check=True, capture_output=True, text=True).stdout
    assert re.search(r"CapBnd:\s+0+\n", status), status
    assert re.search(r"CapEff:\s+0+\n", status), status
    for path in ("/here", "/opt/kurzum/here"):
        assert subprocess.run([*enter, "touch", path], capture_output=True).returncode, f"{path} can be written"
    served = [*image["CMD"], "--port", str(port)] if port != 8000 else image["CMD"]
    service = first(root, [*enter, *image["ENTRYPOINT"], *served])
    begun = time.monotonic()
    while subprocess.run(beside(service, [*enter, *image["HEALTHCHECK"]]), capture_output=True).returncode:
        assert service.poll() is None, "the service has ended"
        assert time.monotonic() < begun + 300, "not healthy after 300 s"
        time.sleep(1)
    print(f"user {user}, /tmp {'tmpfs' if writable_tmp else 'read-only'}, port {port}: healthy", flush=True)
    headers = {"Content-Type": "text/plain", "Accept": "text/plain"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/summaries", seed.read_bytes(), headers)
    summary = urllib.request.urlopen(request, timeout=300).read().decode()
    assert len(summary.split()) > 20, summary
    print(summary, flush=True)
    os.kill(process_1(service), signal.SIGTERM)
    assert service.wait(60) in (0, 143), service.returncode
    assert first(root, [*enter, *image["ENTRYPOINT"], "batch", "/in", "/out"]).wait() == 0
    assert json.loads((given / "out" / f"{seed.stem}.json").read_text())["summary"]["text"]
    print(f"written to /models: {[path.name for path in (given / 'models').iterdir()]}", flush=True)
    with hub() as server:
        server.add("Helsinki-NLP/opus-mt-de-en", Path(taught["translator"]))
        server.add("sshleifer/distilbart-cnn-12-6", Path(taught["summarizer"]))
        prepare = [*image["ENTRYPOINT"], "models", "prepare", "--preset", "standard"]
        assert first(root, [*enter, f"HF_ENDPOINT={server.url}", *prepare]).wait() == 0
    (given / "out" / "article.txt").write_text(taught["article"])
    command = ["summarize", "--preset", "standard", "--max-words", "12", "/out/article.txt"]
    offline = [*enter, "HF_HUB_OFFLINE=1", *image["ENTRYPOINT"], *command]
    told = first(root, offline, stdout=subprocess.PIPE, text=True).communicate()[0]
    assert told.strip() == taught["summary"], told
    print(f"from the hub, without it: {told.strip()}", flush=True)


def first(root: str, command: list[str], **streams: Any) -> "subprocess.Popen[Any]":
    """Start a command as process 1 of a namespace of its own, which sees no process but its own."""
    become = ["sh", "-c", 'mount -t proc proc "$0/proc" && exec "$@"', root, *command]
    return subprocess.Popen(["unshare", "--mount", "--pid", "--fork", "--kill-child", *become], **streams)


def process_1(started: "subprocess.Popen[Any]") -> int:
    """The number here of what is process 1 there."""
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    while not (child := children.read_text()):
        assert started.poll() is None, "it has ended"
        time.sleep(0.1)
    return int(child)


def beside(started: "subprocess.Popen[Any]", command: list[str]) -> list[str]:
    """A command that runs beside what was started, as an engine's `exec` and its health checks do."""
    return ["nsenter", "--target", str(process_1(started)), "--mount", "--pid", *command]


def loopback_up() -> None:
    """What an engine does for `--network none`, by SIOCSIFFLAGS: IFF_UP and IFF_RUNNING on lo."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", 0x41))


def main() -> None:
    """Build, start twice, and say how large the image would be."""
    if sys.argv[1] in ("--mounted", "--start"):
        (mounted if sys.argv[1] == "--mounted" else start)(*json.loads(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description="Carry out the Dockerfile and start what comes out.")
    parser.add_argument("base", type=Path)
    parser.add_argument("work", type=Path)
    for name in ("--build-arg", "--bind", "--env"):
        parser.add_argument(name, action="append", default=[])
    given = parser.parse_args()
    given.work.mkdir(exist_ok=True)
    image = build(given)
    root = (given.work / "image").resolve()
    size, base = (
        int(subprocess.run(["du", "-sxB1", p], check=True, capture_output=True, text=True).stdout.split()[0])
        for p in (root, given.base)
    )
    print(f"image {size / 1e6:,.0f} MB, of which the base {base / 1e6:,.0f} MB", flush=True)
    cuda = [p for p in root.rglob("*") if re.match(r"libcu|libnv|nvidia", p.name) and not p.is_symlink()]
    print(f"CUDA libraries: {[p.name for p in cuda] or 'none'}", flush=True)
    from tests.trained import make

    trained = make(given.work / "checkpoints")
    article, summary = next(iter(trained.articles.items()))
    folders = {"translator": str(trained.translator), "summarizer": str(trained.summarizer)}
    for user, port, writable_tmp in ((image["USER"], 8000, True), ("54321:54321", 8001, False)):
        asked = [str(root), image, user, port, writable_tmp, {**folders, "article": article, "summary": summary}]
        inside = [*SELF, "--start", json.dumps(asked)]
        subprocess.run(["unshare", "--mount-proc", "--pid", "--net", "--fork", "--kill-child", *inside], check=True)


if __name__ == "__main__":
    main()
