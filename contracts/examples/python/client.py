"""A channel to the Requests service, its stubs, and its errors in words."""

import os
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.parse

import grpc

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = pathlib.Path(os.environ.get("EXCHANGE_PROTOS", HERE.parent.parent / "proto"))
STUBS = HERE / "stubs"


def make_stubs():
    """Made of the .proto files at the first start; delete the folder when they have changed."""
    if (STUBS / "exchange").exists():
        return
    files = [path.relative_to(PROTOS) for folder in ("exchange/requests", "exchange/operations", "google/rpc") for path in sorted(PROTOS.glob(f"{folder}/**/*.proto"))]
    if not files:
        sys.exit(f"There are no .proto files in {PROTOS}; set EXCHANGE_PROTOS.")
    STUBS.mkdir(exist_ok=True)
    subprocess.run(["protoc", f"-I{PROTOS}", f"--plugin=protoc-gen-grpc_python={shutil.which('grpc_python_plugin')}",
                    f"--python_out={STUBS}", f"--grpc_python_out={STUBS}", *map(str, files)], check=True)


make_stubs()
sys.path.insert(0, str(STUBS))

from exchange.requests.v1 import document_exchange_pb2_grpc, officer_inbox_pb2_grpc, request_registry_pb2_grpc  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402


class Client:
    """The three services a liaison officer uses, called with his certificate."""

    def __init__(self, address, persona, anchor):
        credentials = grpc.ssl_channel_credentials(
            pathlib.Path(anchor).read_bytes(), pathlib.Path(f"{persona}.key").read_bytes(), pathlib.Path(f"{persona}.pem").read_bytes())
        # Pings notice a connection that died without a word; a watch would wait on it for ever.
        channel = grpc.secure_channel(urllib.parse.urlsplit(address).netloc, credentials,
                                      options=[("grpc.enable_http_proxy", 0), ("grpc.keepalive_time_ms", 30_000),
                                               ("grpc.max_reconnect_backoff_ms", 10_000)])
        self.requests = request_registry_pb2_grpc.RequestRegistryStub(channel)
        self.inbox = officer_inbox_pb2_grpc.OfficerInboxStub(channel)
        self.documents = document_exchange_pb2_grpc.DocumentExchangeStub(channel)


def again(call):
    """Makes a call again that did not get through. Only for calls that may be repeated: reading, or with a command id."""
    for pause in (0.2, 1, 2, 5, 10):
        try:
            return call()
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise
            say(f"Not reached ({error.details()}); once more.")
            time.sleep(pause)
    return call()


def reason(error):
    """The stable reason, of google.rpc.ErrorInfo; empty for what the gRPC library refuses by itself."""
    return _details(error)[0].reason


def explain(error):
    """An error in words: code, reason, message, and every violation."""
    info, bad = _details(error)
    lines = [f"{error.code().name} {info.reason}: {error.details()}"]
    return "\n".join(lines + [f"  {violation.field}: {violation.description}" for violation in bad.field_violations])


def _details(error):
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    trailer = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    for detail in status_pb2.Status.FromString(trailer).details:
        detail.Unpack(info)
        detail.Unpack(bad)
    return info, bad


def say(text):
    """To the officer; what another program may want goes to the output."""
    print(text, file=sys.stderr, flush=True)
