"""The small register that is imported: three sound rows, two with faults."""

import os
import pathlib
import uuid

from client import PATIENCE, registry, details

import grpc
from exchange.requests.v1 import register_pb2 as pb

FOLDER = pathlib.Path(os.environ["EXCHANGE_REGISTER"])
REQUESTS = (FOLDER / "requests.csv").read_bytes()
SUBJECTS = (FOLDER / "subjects.csv").read_bytes()
COLUMNS = REQUESTS.split(b"\n")[0] + b"\n"


def header(command_id=None, observed_until="2008-12-31"):
    return pb.ImportRegisterRequest(header=pb.RegisterHeader(
        command_id=command_id or str(uuid.uuid4()), observed_until=observed_until))


def chunk(data, file=pb.REQUESTS):
    return pb.ImportRegisterRequest(chunk=pb.RegisterChunk(file=file, data=data))


def upload(piece=100):
    """In pieces that end within rows and within letters, both files in turns."""
    yield header()
    for start in range(0, max(len(REQUESTS), len(SUBJECTS)), piece):
        for file, data in ((pb.REQUESTS, REQUESTS), (pb.SUBJECTS, SUBJECTS)):
            if start < len(data):
                yield chunk(data[start:start + piece], file)


def remarks_of(remarks):
    return sorted((pb.Severity.Name(remark.severity), remark.row, remark.field, remark.code) for remark in remarks)


EXPECTED_REMARKS = sorted([
    ("FAULT", 4, "requested_state", "unknown_state"),
    ("FAULT", 4, "measures", "unknown_measure"),
    ("FAULT", 4, "responded_on", "bad_date"),
    ("FAULT", 5, "responded_on", "answer_before_transmission"),
    ("WARNING", 6, "refusal_ground", "refusal_without_ground"),
])


def import_whole():
    """The report of an import, or None while the server has not yet let go of one that was broken off."""
    try:
        *_, last = registry("operator").ImportRegister(upload(), timeout=PATIENCE)
        return last.report
    except grpc.RpcError as error:
        assert details(error)[0] == "IMPORT_RUNNING", error
        return None
