using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;

namespace Exchange.Platform;

/// <summary>
/// Compresses the answers to a caller who compresses what he sends, and nobody else's: it helps over a thin line, and
/// costs time between services that stand side by side and mostly exchange ciphertext.
/// </summary>
static class ResponseCompression
{
    const string Gzip = "gzip";

    public static void CompressResponses(this GrpcServiceOptions grpc) =>
        (grpc.ResponseCompressionAlgorithm, grpc.ResponseCompressionLevel) = (Gzip, CompressionLevel.Fastest);

    /// <summary>Compresses only for callers who send compressed messages themselves: every client says that it could read them.</summary>
    public static IApplicationBuilder UseResponseCompressionAsAsked(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Headers["grpc-encoding"] != Gzip)
            context.Request.Headers.Remove("grpc-accept-encoding");
        return next(context);
    });
}
