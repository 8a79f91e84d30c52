using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>A step of the lifecycle on the command line: `exchange request NAME REFERENCE …`.</summary>
/// <param name="Steps">What the service calls it; an answer is four of them, by its outcome.</param>
/// <param name="Examples">What follows the reference, one of each kind.</param>
/// <param name="ActOf">Declares its options, and makes an act of what they say.</param>
sealed record StepCommand(
    string Name, StepCode[] Steps, string Description, string[] Examples, Func<Inputs, Func<Taking, Task<Act>>> ActOf)
{
    /// <summary>The requesting side records it for a partner off the exchange, and then says the day and the document.</summary>
    public bool OfPartner { get; init; }

    public static StepCommand Of(
        StepCode step, string name, string description, string[] examples, Func<Inputs, Func<Taking, Act>> actOf) =>
        new(name, [step], description, examples, inputs =>
        {
            var act = actOf(inputs);
            return taking => Task.FromResult(act(taking));
        });

    public Command Create(Shell shell)
    {
        var reference = RequestNames.Argument();
        var command = new Command(Name, Description) { reference };
        var inputs = new Inputs(command);
        var actOf = ActOf(inputs);
        var recording = OfPartner ? new Recording(inputs) : null;
        return shell.Carries(command, async session =>
        {
            var stepping = new Stepping(session);
            var taking = new Taking(session, Steps, await stepping.Read(session.Value(reference)));
            var act = await actOf(taking);
            recording?.Complete(act, taking);
            return await stepping.Take(taking.Request, act);
        }).WithExamples([.. Examples.Select(example => $"exchange request {Name} BY-2026-000123 {example}".TrimEnd())]);
    }

    sealed class Recording(Inputs inputs)
    {
        readonly Option<DateOnly?> on = inputs.Add(Values.Day("--on",
            "Only when you record it for a partner off the exchange: the day it happened"));

        readonly Option<string?> document = inputs.Text("--document-reference", "And then: the reference of its document", "TEXT");

        public void Complete(Act act, Taking taking)
        {
            act.OccurredOn = taking.Day(on);
            act.DocumentReference = taking.Text(document);
        }
    }
}

/// <summary>Declares the options of a step.</summary>
sealed class Inputs(Command command)
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
        Add(new Option<string?>(name, alias is null ? [] : [alias]) { Description = description, HelpName = helpName, Required = required });

    /// <summary>A text that may be long, and is there.</summary>
    public Option<string?> Long(string name, string description, string? alias = null) =>
        Text(name, $"{description} ({Texts.Hint})", required: true, alias: alias);

    public Option<string?> Note() => Text("--note", $"What there is to say ({Texts.Hint})");

    public Option<string?> Because(string description) => Long("--because", description);

    public Option<string?> Ground(string description, bool required = false)
    {
        var ground = Text("--ground", description, "CODE", required);
        ground.CompletionSources.Add(_ => Codes.Suggested(Codes.Grounds));
        return ground;
    }
}

/// <summary>A step about to be taken: the request as it was read, and what the options say.</summary>
sealed class Taking(Session session, StepCode[] steps, MlaRequest request)
{
    public Session Session => session;

    /// <summary>As far as the request said when it was read; the service decides.</summary>
    public bool IsAllowed => steps.Any(Request.AllowedSteps.Contains);

    public MlaRequest Request { get; set; } = request;

    public string Text(Option<string?> option) => Texts.Read(session, session.Value(option));

    public string Day(Option<DateOnly?> option) => session.Value(option).Iso();
}
