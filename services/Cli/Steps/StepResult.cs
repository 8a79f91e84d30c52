using Exchange.Requests.V1;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>What a step came to: where the request stands, and what may be done next.</summary>
static class StepResult
{
    // What is done by other commands than `exchange request …`; SUPERSEDE is the service's own doing.
    static readonly Dictionary<StepCode, string> Commands = new(StepCommands.All
        .SelectMany(command => command.Steps.Select(step => KeyValuePair.Create(step, command.Name))))
    {
        [StepCode.SaveDraft] = "edit",
        [StepCode.NameSubjects] = "subject add",
        [StepCode.AddDocument] = "document add",
        [StepCode.Remind] = "ladder take",
    };

    public static void Show(Session session, TakeStepResponse response)
    {
        switch (session.Format)
        {
            case Format.Csv:
                Csv.Write(session.Out, RequestColumns.Requests, [response.Request]);
                break;
            case Format.Json:
                Json.Write(session.Out, response);
                break;
            default:
                session.Out.WriteLine(
                    $"{response.Request.Facts.Reference} is {EnumText.Plain(response.Request.Facts.Status)} (version {response.Version}).");
                session.Screen.WriteLine(Next(response.Request));
                break;
        }
    }

    /// <summary>One line with the commands the caller may use now.</summary>
    public static string Next(MlaRequest request) => CommandsFor(request) is { Length: > 0 } commands
        ? $"You may now: {string.Join(", ", commands)}."
        : "There is nothing for you to do now.";

    public static string? CommandFor(StepCode step) => Commands.GetValueOrDefault(step);

    /// <summary>What the caller may do now; nothing is to be decided while no correction is proposed.</summary>
    public static IEnumerable<StepCode> StepsNow(MlaRequest request) => request.AllowedSteps.Where(step =>
        step is not (StepCode.ConfirmCorrection or StepCode.RejectCorrection) || request.ProposedCorrection > 0);

    static string[] CommandsFor(MlaRequest request) => [.. StepsNow(request).Select(CommandFor).OfType<string>().Distinct()];
}
