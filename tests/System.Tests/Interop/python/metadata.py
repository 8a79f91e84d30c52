"""Headers and trailers."""

from calls import status
from client import PATIENCE, check, details, expect, refused, registry

from exchange.requests.v1 import request_registry_pb2 as pb


def status_with(*metadata):
    answer = registry("operator").GetStatus(pb.GetStatusRequest(), metadata=metadata, timeout=PATIENCE)
    expect(answer.installation_state, "BY")


@check
def ascii_metadata_does_no_harm():
    status_with(("x-note", "of a stranger"), ("x-note", "twice"), ("x-long", "a" * 4000))


@check
def binary_metadata_does_no_harm():
    status_with(("x-note-bin", bytes(range(256))), ("x-empty-bin", b""))


@check
def trace_context_is_accepted():
    status_with(("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "stranger=1"))
    status_with(("traceparent", "not of this standard"))


@check
def what_metadata_claims_does_not_count():
    claim = (("role", "operator"), ("x-forwarded-client-cert", "URI=exchange://BY/general-prosecutor/it/3001?role=operator"))
    expect(details(refused(registry("investigator").GetStatus, pb.GetStatusRequest(), metadata=claim))[0], "ROLE_NOT_ALLOWED")


@check
def headers_and_trailers_are_read():
    _, call = registry("operator").GetStatus.with_call(pb.GetStatusRequest(), timeout=PATIENCE)
    assert "date" in dict(call.initial_metadata()), call.initial_metadata()
    expect(call.trailing_metadata(), ())
    error = refused(registry("investigator").GetStatus, pb.GetStatusRequest())
    expect([key for key, _ in error.trailing_metadata() if key.endswith("-bin")], ["grpc-status-details-bin"])
    expect(status().requests, 3)
