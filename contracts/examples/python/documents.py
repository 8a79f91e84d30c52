"""Documents up and down, in pieces that survive a broken connection."""

import hashlib
import mimetypes
import os
import pathlib
import time
import uuid

import grpc

from client import again, say
from exchange.requests.v1 import document_exchange_pb2 as pb, documents_pb2

PIECE = 256 * 1024
# Breaks in a row without a byte arriving in between, after which it gives up.
PATIENCE = 10


def upload(client, request, path, handling_code="H1"):
    """
    Hands evidence in and returns the document. The id is made of what is handed in, so the same file again, in another run
    too, is the same upload and goes on where that one broke off.
    """
    path = pathlib.Path(path)
    size, sha256 = path.stat().st_size, _hash(path)
    wanted = pb.BeginUploadRequest(
        request=request, command_id=_id(request, path.name, handling_code, sha256), kind=documents_pb2.EVIDENCE, title=path.name,
        media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream", size=size, sha256=sha256, handling_code=handling_code)
    at = again(lambda: client.documents.BeginUpload(wanted))
    breaks = 0
    while not at.document and at.received < size:
        say(f"{path.name}: from byte {at.received} of {size}")
        before = at.received
        try:
            at = client.documents.UploadPieces(_pieces(path, at))
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            say(f"{path.name}: the connection broke ({error.details()})")
            at = again(lambda: client.documents.GetUpload(pb.GetUploadRequest(name=at.name)))
            breaks = breaks + 1 if at.received == before else 0
            if breaks == PATIENCE:
                raise
    return again(lambda: client.documents.CompleteUpload(pb.CompleteUploadRequest(name=at.name)))


def download(client, name, path, case_number):
    """Reads a document and keeps it only if its hash is that of the document."""
    unfinished = pathlib.Path(f"{path}.part")
    # To those entrusted with the request it is itself the case; others read for one of their state's.
    purpose = "INVESTIGATION" if case_number else "EXECUTION"
    sha256, at, document, breaks = hashlib.sha256(), 0, None, 0
    with unfinished.open("wb") as file:
        while document is None or at < document.size:
            wanted = pb.ReadDocumentRequest(name=name, offset=at, purpose=purpose, case_number=case_number)
            try:
                for part in client.documents.ReadDocument(wanted):
                    if part.HasField("document"):
                        document = part.document
                    file.write(part.data)
                    sha256.update(part.data)
                    at += len(part.data)
            except grpc.RpcError as error:
                breaks += 1
                if error.code() is not grpc.StatusCode.UNAVAILABLE or breaks == PATIENCE:
                    raise
                say(f"{path}: the connection broke at byte {at} ({error.details()})")
                time.sleep(1)
    if sha256.digest() != document.sha256:
        unfinished.unlink()
        raise ValueError(f"{name} is not what its hash says; it was not kept.")
    os.replace(unfinished, path)
    return document


def _pieces(path, upload):
    with path.open("rb") as file:
        file.seek(upload.received)
        while data := file.read(PIECE):
            yield pb.UploadPiece(upload=upload.name, offset=file.tell() - len(data), data=data, sha256=hashlib.sha256(data).digest())


def _hash(path):
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(PIECE):
            sha256.update(data)
    return sha256.digest()


def _id(request, title, handling_code, sha256):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{request}\n{title}\n{handling_code}\n{sha256.hex()}"))
