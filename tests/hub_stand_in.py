"""A model hub on this machine that speaks what `huggingface_hub` asks of huggingface.co, and fails when told to.

Repositories with branches and commits; the listing with sizes and hashes; files by HEAD and GET with ETag and
X-Repo-Commit; large files by way of another host, as git LFS keeps them, which is never to be sent a token; ranges;
private and gated repositories. Every request is recorded.
"""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin", ".spm", ".model", ".h5", ".msgpack", ".ot", ".onnx", ".pkl")


@dataclass
class Repository:
    """Commits by their hash, and what the branches stand for; `token` is what a private one wants to see."""

    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    token: str | None = None
    gated: bool = False


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    method: str
    host: str
    path: str
    agent: str
    token: str | None
    range: str | None


@dataclass
class Hub:
    """What is there, what was asked, and what is to go wrong; by file name where a file is meant."""

    url: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    status: int | None = None
    cuts: dict[str, list[int]] = field(default_factory=dict)
    spoilt: set[str] = field(default_factory=set)
    held: dict[str, threading.Event] = field(default_factory=dict)

    def add(self, name: str, files: Path | Mapping[str, bytes], branch: str = "main") -> str:
        """A new commit on a branch of that repository, which need not exist; its hash."""
        if isinstance(files, Path):
            files = {p.relative_to(files).as_posix(): p.read_bytes() for p in sorted(files.rglob("*")) if p.is_file()}
        repository = self.repositories.setdefault(name, Repository())
        content = json.dumps([name, len(repository.commits), sorted(files)])
        commit = hashlib.sha1(content.encode(), usedforsecurity=False).hexdigest()
        repository.commits[commit] = dict(files)
        repository.branches[branch] = commit
        return commit

    def asked(self, method: str = "GET") -> list[str]:
        """The last parts of what was asked for since the last `forget`, in order; of files that is their name."""
        return [request.path.rsplit("/", 1)[-1] for request in self.requests if request.method == method]

    def forget(self) -> None:
        """Begin the record anew."""
        self.requests.clear()


def git_hash(content: bytes) -> str:
    """What git calls a blob."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def hub() -> Iterator[Hub]:
    """A hub that answers while the block runs."""
    state = Hub()

    class Handler(_Handler):
        hub = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        for event in state.held.values():
            event.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ") or None
        agent, host = self.headers["User-Agent"], self.headers["Host"]
        self.hub.requests.append(Request(self.command, host, path, agent, token, self.headers["Range"]))
        parts = path.strip("/").split("/")
        if self.hub.status is not None:
            self._send(self.hub.status, b"")
        elif parts[0] == "storage":
            self._stored(parts[1], parts[2], token)
        elif parts[:2] == ["api", "models"]:
            name, _, revision = "/".join(parts[2:]).partition("/revision/")
            if (found := self._commit(name, revision or "main", token)) is not None:
                self._list(name, *found)
        elif "resolve" in parts:
            at = parts.index("resolve")
            if (found := self._commit("/".join(parts[:at]), parts[at + 1], token)) is not None:
                self._file("/".join(parts[at + 2 :]), *found)
        else:
            self._send(404, b"")

    def _commit(self, name: str, revision: str, token: str | None) -> tuple[str, dict[str, bytes]] | None:
        repository = self.hub.repositories.get(name)
        if token == "expired":
            self._refuse(401, None, "Invalid credentials in Authorization header")
        elif repository is None or (repository.token and token is None):
            # The hub does not tell strangers whether a private repository exists.
            self._refuse(404 if token else 401, "RepoNotFound", "Repository not found")
        elif repository.gated and token != repository.token:
            self._refuse(403, "GatedRepo", f"Access to model {name} is restricted")
        elif repository.token and token != repository.token:
            self._refuse(403, None, "Forbidden")
        else:
            commit = repository.branches.get(revision, revision)
            if commit in repository.commits:
                return commit, repository.commits[commit]
            self._refuse(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return None

    def _list(self, name: str, commit: str, files: dict[str, bytes]) -> None:
        siblings = []
        for file, content in files.items():
            row: dict[str, object] = {"rfilename": file, "size": len(content), "blobId": git_hash(content)}
            if file.endswith(LARGE):
                row["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
            siblings.append(row)
        body = {"id": name, "modelId": name, "sha": commit, "private": False, "siblings": siblings}
        self._send(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _file(self, file: str, commit: str, files: dict[str, bytes]) -> None:
        if file not in files:
            self._refuse(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": commit})
        elif file.endswith(LARGE):
            sha256 = hashlib.sha256(files[file]).hexdigest()
            port = self.hub.url.rsplit(":", 1)[-1]
            headers = {
                "Location": f"http://localhost:{port}/storage/{sha256}/{file}",
                "X-Repo-Commit": commit,
                "X-Linked-Etag": f'"{sha256}"',
                "X-Linked-Size": str(len(files[file])),
                "X-Xet-Hash": sha256,
                "Link": f'<{self.hub.url}/api/models/x/xet-read-token/{commit}>; rel="xet-auth"',
            }
            self._send(302, b"", headers)
        else:
            self._content(file, files[file], {"X-Repo-Commit": commit, "ETag": f'"{git_hash(files[file])}"'})

    def _stored(self, sha256: str, file: str, token: str | None) -> None:
        contents = (
            files[file]
            for repository in self.hub.repositories.values()
            for files in repository.commits.values()
            if file in files and hashlib.sha256(files[file]).hexdigest() == sha256
        )
        if token is not None:
            self._send(400, b"Only one auth mechanism allowed")
        else:
            self._content(file, next(contents), {"ETag": f'"{sha256}"'})

    def _content(self, file: str, content: bytes, headers: dict[str, str]) -> None:
        if file in self.hub.spoilt:
            content = content[:-1] + bytes([content[-1] ^ 1])
        status, start = 200, 0
        if wanted := self.headers["Range"]:
            start = int(wanted.removeprefix("bytes=").split("-")[0])
            status = 206
            headers |= {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        self._send(status, content[start:], headers | {"Accept-Ranges": "bytes"}, file)

    def _refuse(self, status: int, code: str | None, message: str, more: Mapping[str, str] | None = None) -> None:
        headers = {"X-Error-Message": message, **(more or {})}
        self._send(status, b"", headers | ({"X-Error-Code": code} if code else {}))

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, file: str = "") -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.hub.cuts.get(file):
            self.wfile.write(body[: self.hub.cuts[file].pop(0)])
            self.close_connection = True
        elif file in self.hub.held:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.hub.held[file].wait()
            self.close_connection = True
        else:
            self.wfile.write(body)
