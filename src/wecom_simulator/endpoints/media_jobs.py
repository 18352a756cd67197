"""Large media that the platform fetches by itself (page 96219): a job per file, its end told by an event, its result asked for.

The file is fetched outside the world's lock by a thread of its own; a job that was under way when the server ended has failed.
"""

import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

import httpx

from wecom_simulator.call import Call
from wecom_simulator.corp import App, Corp
from wecom_simulator.errors import Refused
from wecom_simulator.events import Event, wecom_xml
from wecom_simulator.media import Media, Shelf
from wecom_simulator.wecom import endpoint
from wecom_simulator.world import World, receiver_key

RUNNING, DONE, FAILED = 1, 2, 3
_KINDS = {"video": "video/mp4", "file": "application/octet-stream"}
# Welcome material of groups is the only scene so far.
_SCENE = 1
_NAME_BYTES, _URL_BYTES, _MD5_BYTES = 128, 1024, 32
_BYTES_MAX = 200 * 1024 * 1024
_SMALLEST = 5
_TIMEOUT = httpx.Timeout(30)
# Nobody fetches for longer: a job that still says so was lost with its server.
_PATIENCE_SECONDS = 3600
_UNKNOWN, _BAD_ADDRESS, _NOT_FETCHED, _OTHER_SUM, _NO_VIDEO = 60136, 830001, 830003, 301019, 41090


@dataclass(slots=True)
class MediaJob:
    """One file to fetch, and what came of it."""

    kind: str
    filename: str
    url: str
    md5: str
    started: int
    status: int = RUNNING
    errcode: int = 0
    media_id: str = ""
    created_at: int = 0


@dataclass(slots=True)
class MediaJobs:
    """The jobs of a corp by their id."""

    by_id: dict[str, MediaJob] = field(default_factory=dict)


@endpoint("POST", "media/upload_by_url", defaults={"jobid": ""}, permission="customer")
def upload_by_url(call: Call) -> dict[str, Any]:
    """Begins to fetch a file."""
    kind = call.text("type")
    if call.number("scene") != _SCENE:
        raise Refused(40058)
    if kind not in _KINDS:
        raise Refused(40004)
    filename, url, md5 = call.text("filename"), call.text("url"), call.text("md5")
    if len(filename.encode()) > _NAME_BYTES or len(url.encode()) > _URL_BYTES or len(md5.encode()) > _MD5_BYTES:
        raise Refused(40058)
    jobid, job = call.world.identifier("jobid_", 26), MediaJob(kind, filename, url, md5, call.now)
    call.corp.part(MediaJobs).by_id[jobid] = job
    threading.Thread(target=_fetch, args=(call.world, call.corp, call.app, jobid, job), daemon=True, name="simulator-media").start()
    return {"jobid": jobid}


@endpoint("POST", "media/get_upload_by_url_result", permission="customer", is_read=True)
def get_upload_by_url_result(call: Call) -> dict[str, Any]:
    """Tells how far a job is: 1 under way, 2 done, 3 failed."""
    job = call.corp.part(MediaJobs).by_id.get(call.text("jobid"))
    if job is None:
        raise Refused(_UNKNOWN)
    if job.status == RUNNING and call.now - job.started > _PATIENCE_SECONDS:
        job.status, job.errcode = FAILED, _NOT_FETCHED
    detail: dict[str, Any] = {"errcode": job.errcode, "errmsg": "ok" if not job.errcode else "fail"}
    if job.status == DONE:
        detail |= {"media_id": job.media_id, "created_at": str(job.created_at)}
    return {"status": job.status, "detail": detail}


def _fetch(world: World, corp: Corp, app: App, jobid: str, job: MediaJob) -> None:
    errcode, content = _fetched(job)
    with world.lock:
        if errcode:
            job.status, job.errcode = FAILED, errcode
        else:
            job.status, job.created_at = DONE, world.now()
            job.media_id = world.identifier("3", 42) + world.identifier("", 21)
            media = Media(job.media_id, job.kind, job.filename, _KINDS[job.kind], content, world.now())
            corp.part(Shelf).add(world, media)
        event = Event("upload_media_job_finish", "", {"JobId": jobid}, world.now())
        # Only whoever began it is told.
        world.post(receiver_key(corp, app), wecom_xml(event, corp.corpid), title=event.title)


def _fetched(job: MediaJob) -> tuple[int, bytes]:
    """The code of a failure, or the file; fetched by ranges as the page demands of the address."""
    content = bytearray()
    try:
        with httpx.Client(timeout=_TIMEOUT, trust_env=False) as http, http.stream("GET", job.url, headers={"range": "bytes=0-"}) as answer:
            if not answer.is_success:
                return _NOT_FETCHED, b""
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > _BYTES_MAX:
                    return 45001, b""
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        return _BAD_ADDRESS, b""
    except httpx.HTTPError:
        return _NOT_FETCHED, b""
    if len(content) <= _SMALLEST:
        return 40006, b""
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != job.md5.lower():
        return _OTHER_SUM, b""
    if job.kind == "video" and content[4:8] != b"ftyp":
        return _NO_VIDEO, b""
    return 0, bytes(content)
