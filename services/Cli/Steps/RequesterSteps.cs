using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>What the requesting side does with its letter; `assign` is for both sides.</summary>
static class RequesterSteps
{
    public static readonly StepCommand[] All =
    [
        StepCommand.Of(StepCode.Submit, "submit", "Ask for approval of a draft.", ["", "--note \"please before Friday\""], options =>
        {
            var note = options.Note();
            return context => new() { Submit = new() { Note = context.Text(note) } };
        }),
        StepCommand.Of(StepCode.SendBack, "send-back", "Send a submitted draft back to its author.", ["--because \"name the article\""],
            options =>
        {
            var because = options.Because("What to mend");
            return context => new() { SendBack = new() { Reason = context.Text(because) } };
        }),
        new("approve", [StepCode.Approve], "Approve a submitted letter as it stands; not for those who wrote it.", ["", "--hash 5f2a09c1"],
            options =>
        {
            var hash = Hash(options);
            return async context => new()
            {
                Approve = new() { LetterHash = (await LetterClient.ReadAndSummarise(context, hash)).LetterHash },
            };
        }),
        new("transmit", [StepCode.Transmit], "Send an approved letter to the partner; you sign it, and every clock starts.",
            ["--channel on-exchange", "--channel off-exchange --posted-on 2026-03-02"], options =>
        {
            var channel = options.Add(Channels("--channel"));
            var posted = options.Add(TypedOptions.Day("--posted-on", "Off the exchange: the day it was posted (today)"));
            var hash = Hash(options);
            return async context => new()
            {
                Transmit = new()
                {
                    LetterHash = (await LetterClient.ReadAndSummarise(context, hash)).LetterHash,
                    Channel = context.Session.Value(channel).Value,
                    PostedOn = context.Day(posted),
                },
            };
        }),
        new("transmit-alone", [StepCode.TransmitAlone],
            "Send a letter without a second officer, where life, custody or evidence is at stake; one confirms it within 48 hours.",
            ["--channel on-exchange --stake life --because \"she is to be moved tonight; nobody else is on duty\""], options =>
        {
            var channel = options.Add(Channels("--channel"));
            var posted = options.Add(TypedOptions.Day("--posted-on", "Off the exchange: the day it was posted (today)"));
            var stake = options.Add(TypedOptions.ChoiceWithoutDefault<Stake>("--stake", "What is at stake",
                ("life", Stake.Life), ("custody", Stake.Custody), ("evidence", Stake.Evidence)));
            stake.Required = true;
            var because = options.Because("Why it cannot wait for a second officer; the partner is not told");
            var hash = Hash(options);
            return async context => new()
            {
                TransmitAlone = new()
                {
                    LetterHash = (await LetterClient.ReadAndSummarise(context, hash)).LetterHash,
                    Channel = context.Session.Value(channel).Value,
                    PostedOn = context.Day(posted),
                    Stake = context.Session.Value(stake).Value,
                    Reason = context.Text(because),
                },
            };
        }),
        new("confirm-transmission", [StepCode.ConfirmTransmission],
            "Confirm what a colleague transmitted alone; not for those who wrote it. You sign it.", [""], options =>
        {
            var hash = Hash(options);
            return async context => new()
            {
                ConfirmTransmission = new() { LetterHash = (await LetterClient.ReadAndSummarise(context, hash)).LetterHash },
            };
        }),
        StepCommand.Of(StepCode.Amend, "amend", "Change a letter after transmission; the partner sees the new version, and you sign it.",
            ["letter.json --because \"a further account came up\""], options =>
        {
            var file = options.Argument("letter.json", "The whole letter; request letter --format json writes one, - reads standard input");
            var because = options.Because("Why");
            return context => new()
            {
                Amend = new() { Letter = LetterFile.Read(context.Session, context.Session.Value(file)), Reason = context.Text(because) },
            };
        }),
        new("supply", [StepCode.ProvideSupplement], "Supply what the partner asked for; answers every open question.",
            ["--text \"The account is held at the branch in Brest.\"", "--text @reply.txt --document order.pdf --handling H1"], options =>
        {
            var text = options.Long("--text", "The reply; subjects by placeholder, as in the letter", alias: "--reply");
            var documents = new AttachedDocuments(options, "--document", DocumentKind.Attachment);
            return async context => new()
            {
                ProvideSupplement = new() { Reply = context.Text(text), Documents = { await documents.Names(context) } },
            };
        }),
        StepCommand.Of(StepCode.RequestStatusReport, "ask-status", "Ask the partner how things stand, UNTOC 18(24).",
            ["", "--note \"the trial opens in May\""], options =>
        {
            var note = options.Note();
            return context => new() { RequestStatusReport = new() { Note = context.Text(note) } };
        }),
        StepCommand.Of(StepCode.Withdraw, "withdraw", "Call a request back; the partner is told, and you sign it.",
            ["--because \"the case was closed\""], options =>
        {
            var because = options.Because("Why");
            return context => new() { Withdraw = new() { Reason = context.Text(because) } };
        }),
        StepCommand.Of(StepCode.Close, "close", "Be done with a request.", [""], options =>
        {
            var note = options.Note();
            return context => new() { Close = new() { Note = context.Text(note) } };
        }),
        StepCommand.Of(StepCode.CloseUnanswered, "close-unanswered", "Close for want of an answer; stays unanswered in every figure.",
            ["--because \"the limitation period has passed\""], options =>
        {
            var because = options.Because("Why");
            return context => new() { CloseUnanswered = new() { Reason = context.Text(because) } };
        }),
        StepCommand.Of(StepCode.Adopt, "adopt", "Take an imported request over; from then on it acts like one filed here.", [""], options =>
        {
            var note = options.Note();
            return context => new() { Adopt = new() { Note = context.Text(note) } };
        }),
        StepCommand.Of(StepCode.ChangeChannel, "channel", "Say that the partner is reached another way from now on.",
            ["--to on-exchange --because \"its officers joined\""], options =>
        {
            var channel = options.Add(Channels("--to"));
            var because = options.Because("Why");
            return context => new()
            {
                ChangeChannel = new() { Channel = context.Session.Value(channel).Value, Reason = context.Text(because) },
            };
        }),
        StepCommand.Of(StepCode.Assign, "assign", "Say who of your own side sees to it.",
            ["--to ministry-of-interior/trafficking", "--to general-prosecutor/international/1002"], options =>
        {
            var to = options.Text("--to", "Authority, unit and officer's number, as in the certificates; the last two may be left out",
                "AUTHORITY[/UNIT[/OFFICER]]", required: true);
            return context => new() { Assign = Assignee(context.Text(to)) };
        }),
    ];

    static Option<Choice<Channel>> Channels(string name)
    {
        var option = TypedOptions.ChoiceWithoutDefault<Channel>(name, "How the partner is reached",
            ("on-exchange", Channel.OnExchange), ("off-exchange", Channel.OffExchange));
        option.Required = true;
        return option;
    }

    static Option<string?> Hash(StepOptions options) => options.Text("--hash",
        "Only if the letter still has this hash, or one that begins so; request letter shows it", "HEX");

    static Assign Assignee(string text) => text.Split('/') is { Length: <= 3 } parts
        ? new() { Authority = parts[0], Unit = parts.ElementAtOrDefault(1) ?? "", Officer = parts.ElementAtOrDefault(2) ?? "" }
        : throw new CommandException(ExitCode.Usage, $"'{text}' is not an authority, unit and officer.",
            "It looks like general-prosecutor/international/1002.");
}
