"""What every check needs: the generated stubs, a channel as one of the personas, a list of checks."""

import functools
import os
import pathlib
import sys
import time

import grpc

STUBS = os.environ["EXCHANGE_STUBS"]
ADDRESS = os.environ["EXCHANGE_ADDRESS"]
PKI = pathlib.Path(os.environ["EXCHANGE_PKI"])
STRANGERS_PKI = pathlib.Path(os.environ["EXCHANGE_STRANGERS_PKI"])

# Seconds after which a call has failed; no check measures time.
PATIENCE = 60

sys.path.insert(0, STUBS)
# The stubs' package grpc.health lies in another folder than the library's grpc, which is a closed package.
grpc.__path__.append(os.path.join(STUBS, "grpc"))

from exchange.requests.v1 import request_registry_pb2_grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402

CHECKS = []


def check(function):
    """Its name is the name of the check."""
    CHECKS.append(function)
    return function


def credentials(persona, pki=PKI):
    stem = pki / "personas" / persona
    return grpc.ssl_channel_credentials(
        (PKI / "anchors" / "service.pem").read_bytes(),
        stem.with_suffix(".key").read_bytes(),
        stem.with_suffix(".pem").read_bytes())


def open_channel(channel_credentials, **more):
    return grpc.secure_channel(ADDRESS, channel_credentials, options=[("grpc.enable_http_proxy", 0)], **more)


@functools.cache
def channel(persona):
    return open_channel(credentials(persona))


def registry(persona):
    return request_registry_pb2_grpc.RequestRegistryStub(channel(persona))


def expect(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def refused(call, *arguments, **more):
    """The error that a call ends with; a stream is read to its end."""
    try:
        answer = call(*arguments, timeout=more.pop("timeout", PATIENCE), **more)
        if hasattr(answer, "__next__"):
            answer = list(answer)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"The call was answered: {answer}")


def details(error):
    """The google.rpc.Status of the trailer: its ErrorInfo and the fields of its BadRequest."""
    trailer = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(trailer)
    expect(status.code, error.code().value[0])
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    for detail in status.details:
        detail.Unpack(info)
        detail.Unpack(bad)
    expect(info.domain, "exchange")
    assert all(violation.description for violation in bad.field_violations), "A violation says nothing."
    return info.reason, [violation.field for violation in bad.field_violations]


def eventually(call, holds):
    """Asks again until the answer is as wanted."""
    give_up = time.monotonic() + PATIENCE
    while True:
        answer = call()
        if holds(answer):
            return answer
        assert time.monotonic() < give_up, f"Still {answer}"
