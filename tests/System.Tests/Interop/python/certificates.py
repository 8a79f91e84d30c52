"""Who is let in."""

import grpc

from client import ADDRESS, PATIENCE, PKI, STRANGERS_PKI, check, credentials, expect, open_channel, refused

from exchange.requests.v1 import request_registry_pb2 as pb, request_registry_pb2_grpc


def status_through(channel_credentials):
    with open_channel(channel_credentials) as channel:
        return refused(request_registry_pb2_grpc.RequestRegistryStub(channel).GetStatus, pb.GetStatusRequest())


@check
def no_certificate_is_refused():
    anchor = (PKI / "anchors" / "service.pem").read_bytes()
    expect(status_through(grpc.ssl_channel_credentials(anchor)).code(), grpc.StatusCode.UNAVAILABLE)


@check
def strangers_certificate_is_refused():
    expect(status_through(credentials("operator", STRANGERS_PKI)).code(), grpc.StatusCode.UNAVAILABLE)


@check
def server_that_the_client_does_not_trust_gets_no_call():
    stem = PKI / "personas" / "operator"
    other = grpc.ssl_channel_credentials(
        (STRANGERS_PKI / "anchors" / "service.pem").read_bytes(),
        stem.with_suffix(".key").read_bytes(), stem.with_suffix(".pem").read_bytes())
    expect(status_through(other).code(), grpc.StatusCode.UNAVAILABLE)


@check
def call_without_tls_is_refused():
    with grpc.insecure_channel(ADDRESS, options=[("grpc.enable_http_proxy", 0)]) as channel:
        stub = request_registry_pb2_grpc.RequestRegistryStub(channel)
        expect(refused(stub.GetStatus, pb.GetStatusRequest(), timeout=PATIENCE).code(), grpc.StatusCode.UNAVAILABLE)
