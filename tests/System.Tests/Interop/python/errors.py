"""Errors, with their details of google.rpc read from the trailer."""

import grpc

from client import PATIENCE, channel, check, details, expect, refused, registry
from register import header, upload

from exchange.requests.v1 import request_registry_pb2 as pb


@check
def every_violation_is_named():
    error = refused(registry("prosecutor").ListRequests, pb.ListRequestsRequest(
        page_size=-1, transmitted_from="yesterday", transmitted_to="2008-13-01"))
    expect(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
    expect(details(error), ("INVALID_INPUT", ["page_size", "transmitted_from", "transmitted_to"]))


@check
def every_violation_of_a_stream_is_named():
    error = refused(registry("operator").ImportRegister, iter([header("not-a-uuid", "2999-01-01")]))
    expect(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
    expect(details(error), ("INVALID_INPUT", ["header.command_id", "header.observed_until"]))


@check
def role_that_may_not_is_told_so():
    error = refused(registry("investigator").GetStatus, pb.GetStatusRequest())
    expect(error.code(), grpc.StatusCode.PERMISSION_DENIED)
    expect(details(error), ("ROLE_NOT_ALLOWED", []))


@check
def other_states_officer_may_not_import():
    error = refused(registry("liaison-pl").ImportRegister, upload())
    expect(error.code(), grpc.StatusCode.PERMISSION_DENIED)
    expect(details(error), ("ROLE_NOT_ALLOWED", []))


@check
def request_of_a_register_is_not_found_like_an_absent_one():
    ask = registry("liaison-pl").GetRequest
    # The first is addressed to his state, which was told nothing of it on the exchange.
    for reference in ("BY-2008-900001", "BY-2008-900002", "BY-2008-999999"):
        error = refused(ask, pb.GetRequestRequest(name=f"requests/{reference}"))
        expect(error.code(), grpc.StatusCode.NOT_FOUND)
        expect(details(error), ("REQUEST_NOT_FOUND", []))
        expect(error.details(), f"There is no requests/{reference} that you may see.")


@check
def unknown_method_is_unimplemented():
    call = channel("operator").unary_unary("/exchange.requests.v1.RequestRegistry/NoSuchMethod")
    expect(refused(call, b"").code(), grpc.StatusCode.UNIMPLEMENTED)
