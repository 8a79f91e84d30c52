"""The standard reflection service, a bidirectional stream."""

from client import PATIENCE, channel, check, expect

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc.reflection.v1 import reflection_pb2 as pb, reflection_pb2_grpc

REGISTRY = "exchange.requests.v1.RequestRegistry"


def answers_to(*questions):
    stub = reflection_pb2_grpc.ServerReflectionStub(channel("operator"))
    return list(stub.ServerReflectionInfo(
        iter([pb.ServerReflectionRequest(**question) for question in questions]), timeout=PATIENCE))


def files_with(symbol):
    [answer] = answers_to({"file_containing_symbol": symbol})
    return [descriptor_pb2.FileDescriptorProto.FromString(file)
            for file in answer.file_descriptor_response.file_descriptor_proto]


@check
def reflection_lists_the_services():
    [answer] = answers_to({"list_services": ""})
    expect([service.name for service in answer.list_services_response.service],
           ["exchange.operations.v1.ParkedMessages", *(f"exchange.requests.v1.{name}" for name in ("CaseRegistry", "DocumentExchange", "OfficerInbox", "RequestRegistry")),
            "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"])


@check
def reflection_finds_the_file_of_a_symbol():
    for symbol in (REGISTRY, REGISTRY + ".ReadJournal", "exchange.requests.v1.MlaRequest", "exchange.requests.v1.MlaRequest.etag"):
        expect(files_with(symbol)[0].name, "exchange/requests/v1/request_registry.proto")


@check
def reflection_answers_each_question_of_a_stream():
    unknown, by_name = answers_to(
        {"file_containing_symbol": "no.such.Symbol"}, {"file_by_filename": "exchange/requests/v1/facts.proto"})
    expect(unknown.error_response.error_code, 5)
    expect(by_name.original_request.file_by_filename, "exchange/requests/v1/facts.proto")


@check
def client_made_from_reflection_alone_calls():
    pool, waiting = descriptor_pool.DescriptorPool(), files_with(REGISTRY)
    added = set()
    while waiting:
        file = next(file for file in waiting if added.issuperset(file.dependency))
        pool.Add(file)
        added.add(file.name)
        waiting.remove(file)
    method = pool.FindServiceByName(REGISTRY).FindMethodByName("GetStatus")
    factory = message_factory.MessageFactory(pool)
    request, response = factory.GetPrototype(method.input_type), factory.GetPrototype(method.output_type)
    call = channel("operator").unary_unary(f"/{REGISTRY}/GetStatus", request.SerializeToString, response.FromString)
    expect(call(request(), timeout=PATIENCE).installation_state, "BY")
