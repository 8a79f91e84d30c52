using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Exchange.Platform;

/// <summary>The standard reflection service, so that tools need no .proto files.</summary>
sealed class ReflectionService(OfferedServices offered) : ServerReflection.ServerReflectionBase
{
    [AllowAnyCaller]
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
            await responseStream.WriteAsync(Answer(request), context.CancellationToken);
    }

    ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var answer = new ServerReflectionResponse { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                var services = offered.Names.Order().Select(name => new ServiceResponse { Name = name });
                answer.ListServicesResponse = new() { Service = { services } };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                Fill(answer, offered.Files.FirstOrDefault(file => file.Name == request.FileByFilename));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                Fill(answer, offered.Files.FirstOrDefault(file => Declares(file, request.FileContainingSymbol)));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                answer.AllExtensionNumbersResponse = new() { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            default:
                Fill(answer, null);
                break;
        }
        return answer;
    }

    static void Fill(ServerReflectionResponse answer, FileDescriptor? file)
    {
        if (file is null)
            answer.ErrorResponse = new() { ErrorCode = (int)StatusCode.NotFound, ErrorMessage = "Not found." };
        else
        {
            var files = OfferedServices.WithImports(file).DistinctBy(f => f.Name).Select(f => f.SerializedData);
            answer.FileDescriptorResponse = new() { FileDescriptorProto = { files } };
        }
    }

    static bool Declares(FileDescriptor file, string symbol) =>
        file.Services.Any(service => service.FullName == symbol || service.Methods.Any(method => method.FullName == symbol))
        || file.EnumTypes.Any(type => type.FullName == symbol)
        || file.MessageTypes.Any(type => Declares(type, symbol));

    static bool Declares(MessageDescriptor message, string symbol) =>
        message.FullName == symbol || message.Fields.InDeclarationOrder().Any(field => field.FullName == symbol)
        || message.EnumTypes.Any(type => type.FullName == symbol) || message.NestedTypes.Any(type => Declares(type, symbol));
}
