using System.CommandLine;

namespace Exchange.Cli;

/// <summary>How a request is named on the command line, and to the services.</summary>
static class RequestNames
{
    public static Argument<string> Argument() => new("request") { Description = "Its reference (BY-2026-000123) or UUID" };

    public static string Of(string text) => text.StartsWith("requests/", StringComparison.Ordinal) ? text : $"requests/{text}";
}
