using System.CommandLine;

namespace Exchange.Cli;

enum Format { Table, Csv, Json }

/// <summary>The options every command understands.</summary>
sealed class GlobalOptions
{
    public Option<string?> As { get; } = Text("--as", "PERSONA", "Who asks: a persona of the home folder (environment: EXCHANGE_AS)");

    public Option<string?> Home { get; } = Text("--home", "DIR",
        "Folder with client.json and the certificates (environment: EXCHANGE_HOME)");

    public Option<string?> Requests { get; } = Text("--requests", "URL",
        "Address of the service Requests (environment: EXCHANGE_REQUESTS)");

    public Option<string?> Tracking { get; } = Text("--tracking", "URL",
        "Address of the service Tracking (environment: EXCHANGE_TRACKING)");

    public Option<string?> Correlation { get; } = Text("--correlation", "URL",
        "Address of the service Correlation (environment: EXCHANGE_CORRELATION)");

    public Option<string?> Certificate { get; } = Text("--certificate", "FILE",
        "Your certificate, PEM (environment: EXCHANGE_CERTIFICATE)");

    public Option<string?> Key { get; } = Text("--key", "FILE", "Its private key, PEM (environment: EXCHANGE_KEY)");

    public Option<string?> Anchors { get; } = Text("--anchors", "DIR",
        "Folder with service.pem, which the services' certificates rest on (environment: EXCHANGE_ANCHORS)");

    public Option<string?> RevocationLists { get; } = Text("--crl", "DIR",
        "Folder with service.crl, the services' certificates that were revoked; crl beside the anchors unless given"
        + " (environment: EXCHANGE_CRL)");

    public Option<Choice<Format>> Format { get; } = Recursive(TypedOptions.Choice(
        "--format", "How results are written", ("table", Cli.Format.Table), ("csv", Cli.Format.Csv), ("json", Cli.Format.Json)));

    public Option<TimeSpan?> Timeout { get; } = Recursive(TypedOptions.Span(
        "--timeout", "How long one call may take (30s; an import takes the time it needs)"));

    public void AddTo(RootCommand root)
    {
        foreach (Option option in (Option[])[
            As, Home, Format, Timeout, Requests, Tracking, Correlation, Certificate, Key, Anchors, RevocationLists])
            root.Options.Add(option);
    }

    static Option<string?> Text(string name, string helpName, string description) =>
        Recursive(new Option<string?>(name) { Description = description, HelpName = helpName });

    static Option<T> Recursive<T>(Option<T> option)
    {
        option.Recursive = true;
        return option;
    }
}
