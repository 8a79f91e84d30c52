"""The standard health service."""

import grpc

from client import PATIENCE, channel, check, expect, refused

from grpc.health.v1 import health_pb2 as pb, health_pb2_grpc


def health():
    # Any officer may ask, from any state.
    return health_pb2_grpc.HealthStub(channel("liaison-pl"))


@check
def health_is_checked():
    for service in ("", "exchange.requests.v1.RequestRegistry"):
        answer = health().Check(pb.HealthCheckRequest(service=service), timeout=PATIENCE)
        expect(answer.status, pb.HealthCheckResponse.SERVING)
    error = refused(health().Check, pb.HealthCheckRequest(service="no.such.Service"))
    expect(error.code(), grpc.StatusCode.NOT_FOUND)


@check
def health_is_watched():
    for service, expected in (("", pb.HealthCheckResponse.SERVING), ("no.such.Service", pb.HealthCheckResponse.SERVICE_UNKNOWN)):
        answers = health().Watch(pb.HealthCheckRequest(service=service), timeout=PATIENCE)
        expect(next(answers).status, expected)
        answers.cancel()
