using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Routing;

namespace Exchange.Platform;

/// <summary>The gRPC services this server offers, found in its own endpoints.</summary>
sealed class OfferedServices(EndpointDataSource endpoints)
{
    readonly Lazy<FrozenDictionary<string, ServiceDescriptor>> descriptors = new(() => endpoints.Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType)
        .OfType<Type>().Distinct().Select(DescriptorOf).OfType<ServiceDescriptor>()
        .ToFrozenDictionary(descriptor => descriptor.FullName));

    /// <summary>The services' full names, such as <c>exchange.operations.v1.ParkedMessages</c>.</summary>
    public IEnumerable<string> Names => descriptors.Value.Keys;

    /// <summary>The files that declare the services, and all they import.</summary>
    public IEnumerable<FileDescriptor> Files => descriptors.Value.Values.SelectMany(d => WithImports(d.File)).DistinctBy(f => f.Name);

    /// <summary>The file and all that it imports, directly or not; one that is imported twice comes twice.</summary>
    public static IEnumerable<FileDescriptor> WithImports(FileDescriptor file) => file.Dependencies.SelectMany(WithImports).Prepend(file);

    // Generated code nests the base class in a static class that holds the descriptor.
    static ServiceDescriptor? DescriptorOf(Type service)
    {
        for (var type = service; type is not null; type = type.BaseType)
        {
            var descriptor = type.DeclaringType?.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static);
            if (descriptor?.GetValue(null) is ServiceDescriptor found)
                return found;
        }
        return null;
    }
}
