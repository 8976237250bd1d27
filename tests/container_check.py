"""Carry out the Dockerfile without a container engine, then start what came out as a container would be started.

    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm BASE
    python tests/container_check.py BASE WORK [--build-arg NAME=VALUE] [--bind PATH] [--env NAME=VALUE]

For a person with root on Linux, where no image can be built. BASE is an unpacked root with Python 3.11 in place of the
base image; WORK gets the roots of both stages (a first one that is there is kept, as engines do). The steps are
read from the Dockerfile. `--bind` and `--env` lend the build what it needs of this machine, such as a mirror.

The start: a root that is mounted read-only, an empty volume over /models, no network but the loopback, the Dockerfile's
user, no capability and no way to get one. Then the health check, a summary of a seed, a batch, and all of it once more
as a user that nobody has heard of and with no writable /tmp.
"""

import argparse
import fcntl
import json
import os
import re
import shlex
import shutil
import socket
import string
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
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
            inside = [sys.executable, __file__, "--mounted", json.dumps([str(roots[-1]), lend, command])]
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


def start(root: str, image: dict[str, Any], user: str, writable_tmp: bool) -> None:
    """In namespaces of its own, without a network: start the image as it says and ask it."""
    mount("--make-rprivate", "/")
    given = Path(root).parent / "volumes"
    shutil.rmtree(given, ignore_errors=True)
    mount("--bind", root, root)
    for name in ("in", "out"):  # an engine makes the folders on which it mounts
        Path(root, name).mkdir(exist_ok=True)
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
    begun = time.monotonic()
    server = subprocess.Popen([*enter, *image["ENTRYPOINT"], *image["CMD"]])
    while subprocess.run([*enter, *image["HEALTHCHECK"]], capture_output=True).returncode:
        assert server.poll() is None, "the server has ended"
        assert time.monotonic() < begun + 300, "not healthy after 300 s"
        time.sleep(1)
    print(f"user {user}, /tmp {'tmpfs' if writable_tmp else 'read-only'}: healthy", flush=True)
    headers = {"Content-Type": "text/plain", "Accept": "text/plain"}
    request = urllib.request.Request("http://127.0.0.1:8000/v1/summaries", seed.read_bytes(), headers)
    summary = urllib.request.urlopen(request, timeout=300).read().decode()
    assert len(summary.split()) > 20, summary
    print(summary, flush=True)
    server.terminate()
    assert server.wait(60) in (0, 143), server.returncode
    subprocess.run([*enter, *image["ENTRYPOINT"], "batch", "/in", "/out"], check=True)
    assert json.loads((given / "out" / f"{seed.stem}.json").read_text())["summary"]["text"]
    print(f"written to /models: {[path.name for path in (given / 'models').iterdir()]}", flush=True)


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
    image = build(given)
    root = given.work / "image"
    size, base = (
        int(subprocess.run(["du", "-sxB1", p], check=True, capture_output=True, text=True).stdout.split()[0])
        for p in (root, given.base)
    )
    print(f"image {size / 1e6:,.0f} MB, of which the base {base / 1e6:,.0f} MB", flush=True)
    cuda = [p for p in root.rglob("*") if re.match(r"libcu|libnv|nvidia", p.name) and not p.is_symlink()]
    print(f"CUDA libraries: {[p.name for p in cuda] or 'none'}", flush=True)
    for user, writable_tmp in ((image["USER"], True), ("54321:54321", False)):
        inside = [sys.executable, __file__, "--start", json.dumps([str(root), image, user, writable_tmp])]
        subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", *inside], check=True)


if __name__ == "__main__":
    main()
