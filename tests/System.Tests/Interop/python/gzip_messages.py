"""Compressed messages. The library tells what went over the wire only in its trace, so another process makes the call."""

import os
import re
import subprocess
import sys

import grpc

from client import PATIENCE, check, credentials, expect, open_channel

from exchange.requests.v1 import request_registry_pb2 as pb, request_registry_pb2_grpc

ALGORITHMS = {"identity": grpc.Compression.NoCompression, "gzip": grpc.Compression.Gzip, "deflate": grpc.Compression.Deflate}


def list_requests(algorithm):
    with open_channel(credentials("investigator"), compression=ALGORITHMS[algorithm]) as channel:
        # Many times the same, so that compression pays and is not left out.
        question = pb.ListRequestsRequest(requested_states=["PL", "DE"] * 1000)
        answer = request_registry_pb2_grpc.RequestRegistryStub(channel).ListRequests(question, timeout=PATIENCE)
    expect(len(answer.requests), 3)


def encodings(algorithm):
    """The header grpc-encoding of the call and of its answer."""
    run = subprocess.run(
        [sys.executable, "-s", "-B", __file__, algorithm], check=True, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
        env={**os.environ, "GRPC_TRACE": "http,chttp2_hpack_parser", "GRPC_VERBOSITY": "DEBUG"})
    return re.findall(r"HTTP:\d+:HDR:CLI: ?grpc-encoding: (\w+)", run.stderr)


@check
def gzip_is_read_and_answered_with_gzip():
    expect(encodings("gzip"), ["gzip", "gzip"])


@check
def deflate_is_read():
    expect(encodings("deflate")[0], "deflate")


@check
def who_does_not_compress_is_answered_plainly():
    assert "gzip" not in encodings("identity")


if __name__ == "__main__":
    list_requests(sys.argv[1])
