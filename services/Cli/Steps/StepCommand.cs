using System.CommandLine;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>A step of the lifecycle on the command line: `exchange request NAME REFERENCE …`.</summary>
/// <param name="Steps">What the service calls it; an answer is four of them, by its outcome.</param>
/// <param name="Examples">What follows the reference, one of each kind.</param>
/// <param name="ActOf">Declares its options, and makes an act of what they say.</param>
sealed record StepCommand(
    string Name, StepCode[] Steps, string Description, string[] Examples, Func<StepOptions, Func<StepContext, Task<Act>>> ActOf)
{
    /// <summary>The requesting side records it for a partner off the exchange, and then says the day and the document.</summary>
    public bool OfPartner { get; init; }

    public static StepCommand Of(
        StepCode step, string name, string description, string[] examples, Func<StepOptions, Func<StepContext, Act>> actOf) =>
        new(name, [step], description, examples, options =>
        {
            var act = actOf(options);
            return context => Task.FromResult(act(context));
        });

    public Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var command = new Command(Name, Description) { reference };
        var options = new StepOptions(command);
        var actOf = ActOf(options);
        var partnerRecord = OfPartner ? new PartnerRecord(options) : null;
        return runner.Handle(command, async session =>
        {
            var client = new StepClient(session);
            var context = new StepContext(session, Steps, await client.Read(session.Value(reference)));
            var act = await actOf(context);
            partnerRecord?.Complete(act, context);
            return await client.Take(context.Request, act, context.Documents);
        }).WithExamples([.. Examples.Select(example => $"exchange request {Name} BY-2026-000123 {example}".TrimEnd())]);
    }

    sealed class PartnerRecord(StepOptions options)
    {
        readonly Option<DateOnly?> on = options.Add(TypedOptions.Day("--on",
            "Only when you record it for a partner off the exchange: the day it happened"));

        readonly Option<string?> document = options.Text("--document-reference", "And then: the reference of its document", "TEXT");

        public void Complete(Act act, StepContext context)
        {
            act.OccurredOn = context.Day(on);
            act.DocumentReference = context.Text(document);
        }
    }
}

/// <summary>Declares the options of a step.</summary>
sealed class StepOptions(Command command)
{
    public T Add<T>(T option) where T : Option
    {
        command.Options.Add(option);
        return option;
    }

    public Argument<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        command.Arguments.Add(argument);
        return argument;
    }

    public Option<string?> Text(string name, string description, string helpName = "TEXT", bool required = false, string? alias = null) =>
        Add(new Option<string?>(name, alias is null ? [] : [alias])
        {
            Description = description, HelpName = helpName, Required = required,
        });

    /// <summary>A required text, which may also be read from a file or from standard input.</summary>
    public Option<string?> Long(string name, string description, string? alias = null) =>
        Text(name, $"{description} ({TextInput.Hint})", required: true, alias: alias);

    public Option<string?> Note() => Text("--note", $"What there is to say ({TextInput.Hint})");

    public Option<string?> Because(string description) => Long("--because", description);

    public Option<string?> Ground(string description, bool required = false)
    {
        var ground = Text("--ground", description, "CODE", required);
        ground.CompletionSources.Add(_ => ReferenceCodes.Suggested(ReferenceCodes.Grounds));
        return ground;
    }
}

/// <summary>A step about to be taken: the request as it was read, and what the options say.</summary>
sealed class StepContext(Session session, StepCode[] steps, MlaRequest request)
{
    public Session Session => session;

    /// <summary>
    /// Whether the request, when it was read, listed the step among those that the caller may take. The service decides anew.
    /// </summary>
    public bool IsAllowed => steps.Any(Request.AllowedSteps.Contains);

    public MlaRequest Request { get; set; } = request;

    /// <summary>The documents that the step hands over.</summary>
    public List<Document> Documents { get; } = [];

    public string Text(Option<string?> option) => TextInput.Read(session, session.Value(option));

    public string Day(Option<DateOnly?> option) => session.Value(option).ToIso();
}
