"""Vercel and Netlify, played on loopback as their client packages describe them; nothing of them is called."""

import hashlib
import json
import re
from typing import Any
from urllib.parse import unquote

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

TOKEN = "s3cret-token"


class Service:
    """One service: what it shows, what it was asked, and the refusals it gives first."""

    def __init__(self, server: HTTPServer) -> None:
        self.shown: dict[str, bytes] = {}
        """The files of the deployment that its address turned to last."""
        self.asked: list[str] = []
        self.refusals: dict[str, list[Response | None]] = {}
        """Method and beginning of the path -> answers to give, one after the other; None: the true one."""
        self.states: list[dict[str, Any]] = []
        """What to say of a deployment before the truth."""
        self.files: dict[str, bytes] = {}
        self.made: dict[str, dict[str, str]] = {}
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)
        self.url = server.url_for("").rstrip("/")

    def refuse(self, what: str, *answers: Response | None) -> None:
        self.refusals[what] = list(answers)

    def calls(self, what: str) -> int:
        return sum(call.startswith(what) for call in self.asked)

    def _answer(self, request: Request) -> Response:
        call = f"{request.method} {request.path}"
        self.asked.append(call)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refusal(403, "forbidden", "Not authorized")
        for what, answers in self.refusals.items():
            if call.startswith(what) and answers and (answer := answers.pop(0)):
                return answer
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def _turn_to(self, id_: str) -> None:
        self.shown = {path: self.files[digest] for path, digest in self.made[id_].items()}


class Vercel(Service):
    def answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("POST", "/v2/files"):
            digest = request.headers["x-vercel-digest"]
            if hashlib.sha1(request.data, usedforsecurity=False).hexdigest() != digest:
                return refusal(400, "sha1sum_mismatch", "The digest is of other bytes")
            self.files[digest] = request.data
            return told({"urls": []})
        if (request.method, request.path) == ("POST", "/v13/deployments"):
            return self._create(json.loads(request.data))
        return self._told_of(request, request.path.removeprefix("/v13/deployments/"))

    def _told_of(self, request: Request, id_: str) -> Response:
        if request.method == "DELETE" and id_ in self.made:
            del self.made[id_]
            return told({"uid": id_, "state": "DELETED"})
        if request.method == "GET" and id_ in self.made:
            if self.states:
                return told({"id": id_} | self.states.pop(0))
            self._turn_to(id_)
            return told({"id": id_, "readyState": "READY", "unknown": {"field": 1}})
        return refusal(404, "not_found", "Deployment not found")

    def _create(self, asked: dict[str, Any]) -> Response:
        assert asked["name"] == "demos"
        assert asked["target"] == "production"
        assert asked["projectSettings"]["framework"] is None
        missing = [file["sha"] for file in asked["files"] if file["sha"] not in self.files]
        if missing:
            return told(
                {"error": {"code": "missing_files", "message": "Missing files", "missing": missing}}, 400
            )
        for file in asked["files"]:
            assert file["size"] == len(self.files[file["sha"]])
        id_ = f"dpl_{self.calls('POST /v13/deployments')}"
        self.made[id_] = {file["file"]: file["sha"] for file in asked["files"]}
        return told({"id": id_, "url": "demos-x.example", "readyState": "QUEUED", "alias": []})


class Netlify(Service):
    def answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("POST", "/sites/site-1/deploys"):
            asked = json.loads(request.data)
            assert (asked["draft"], asked["async"]) == (False, False)
            id_ = f"d{self.calls('POST /sites')}"
            self.made[id_] = asked["files"]
            required = sorted({sha for sha in asked["files"].values() if sha not in self.files})
            return told({"id": id_, "state": "uploading", "required": required})
        if put := re.fullmatch(r"/deploys/(\w+)/files/(.+)", request.path):
            digest = hashlib.sha1(request.data, usedforsecurity=False).hexdigest()
            assert self.made[put[1]][unquote(put[2])] == digest
            self.files[digest] = request.data
            return told({"id": put[2], "sha": digest})
        return self._told_of(request, request.path.removeprefix("/deploys/"))

    def _told_of(self, request: Request, id_: str) -> Response:
        if request.method == "DELETE" and id_ in self.made:
            del self.made[id_]
            return Response(status=204)
        if request.method == "GET" and id_ in self.made:
            if self.states:
                return told({"id": id_} | self.states.pop(0))
            if any(digest not in self.files for digest in self.made[id_].values()):
                return told({"id": id_, "state": "uploading"})
            self._turn_to(id_)
            return told({"id": id_, "state": "ready", "unknown": None})
        return refusal(404, "404", "Not Found")


def told(document: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")


def refusal(status: int, code: str, message: str, retry_after: str | None = None) -> Response:
    answer = told({"error": {"code": code, "message": message}}, status)
    if retry_after:
        answer.headers["Retry-After"] = retry_after
    return answer
