using System.CommandLine;
using Exchange.Client;
using Exchange.Operations.V1;

namespace Exchange.Cli;

/// <summary>The service whose parked messages are meant.</summary>
static class ParkedService
{
    public static Option<Choice<string>> Option() =>
        TypedOptions.Choice("--service", "Whose messages", ("tracking", "tracking"), ("correlation", "correlation"),
            ("requests", "requests"));

    public static ServiceClient<ParkedMessages.ParkedMessagesClient> Parked(this Session session, Option<Choice<string>> service) =>
        session.Services.ParkedOf(session.Value(service).Value);
}
