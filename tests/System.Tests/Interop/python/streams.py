"""Deadlines and cancellation; after each the server serves on."""

import queue

import grpc

from calls import status
from client import channel, check, eventually, expect, refused, registry
from register import COLUMNS, chunk, header, import_whole

from exchange.requests.v1 import journal_reading_pb2
from grpc.health.v1 import health_pb2, health_pb2_grpc

# Short, because it is waited for; long enough to reach the server on a busy machine.
DEADLINE = 2


def unfinished_upload():
    """A register whose rows are all faulty, of which the end never comes: the server waits for more."""
    messages = queue.SimpleQueue()
    messages.put(header())
    messages.put(chunk(COLUMNS + b"BY-2008-900009,,,,,,,,,,,,,,,\n" * 100))
    return iter(messages.get, None)


def watch():
    return health_pb2_grpc.HealthStub(channel("operator")).Watch


@check
def deadline_ends_a_watch():
    expect(refused(watch(), health_pb2.HealthCheckRequest(), timeout=DEADLINE).code(), grpc.StatusCode.DEADLINE_EXCEEDED)


@check
def deadline_ends_an_upload_that_pauses():
    error = refused(registry("operator").ImportRegister, unfinished_upload(), timeout=DEADLINE)
    expect(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    expect(eventually(import_whole, lambda report: report).unchanged, 3)


@check
def cancelled_watch_ends():
    answers = watch()(health_pb2.HealthCheckRequest())
    expect(next(answers).status, health_pb2.HealthCheckResponse.SERVING)
    answers.cancel()
    expect(answers.code(), grpc.StatusCode.CANCELLED)
    expect(status().requests, 3)


@check
def cancelled_upload_stores_nothing():
    answers = registry("operator").ImportRegister(unfinished_upload())
    expect(next(answers).WhichOneof("part"), "remark")
    answers.cancel()
    expect(answers.code(), grpc.StatusCode.CANCELLED)
    expect(eventually(import_whole, lambda report: report).unchanged, 3)
    expect(status().requests, 3)


@check
def cancelled_journal_ends():
    entries = registry("operator").ReadJournal(journal_reading_pb2.ReadJournalRequest())
    expect(next(entries).sealed_no, 1)
    entries.cancel()
    expect(status().requests, 3)
