"""Large messages."""

import grpc

from client import PATIENCE, check, details, expect, refused, registry
from register import COLUMNS, chunk, header

MEBIBYTE = 1 << 20


def import_of(size):
    return refused(registry("operator").ImportRegister, iter([header(), chunk(bytes(size))]))


@check
def chunk_of_the_largest_size_is_taken():
    row = b"BY-2008-900009,,,,,,,,,,,,,,,\n"
    rows = (MEBIBYTE - len(COLUMNS)) // len(row)
    data = COLUMNS + row * rows
    report = registry("operator").CheckRegister(
        iter([header(), chunk(data + b"\n" * (MEBIBYTE - len(data)))]), timeout=PATIENCE)
    expect((report.request_rows, report.faulty, len(report.remarks)), (rows, rows, 1000))


@check
def message_below_the_limit_passes_the_transport():
    error = import_of(4 * MEBIBYTE - 1024)
    expect(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
    expect(details(error), ("INVALID_INPUT", ["chunk.data"]))


@check
def message_above_the_limit_is_refused():
    expect(import_of(8 * MEBIBYTE).code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
