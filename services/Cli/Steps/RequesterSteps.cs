using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>What the requesting side does with its letter; `assign` is for both sides.</summary>
static class RequesterSteps
{
    public static readonly StepCommand[] All =
    [
        StepCommand.Of(StepCode.Submit, "submit", "Ask for approval of a draft.", ["", "--note \"please before Friday\""], inputs =>
        {
            var note = inputs.Note();
            return taking => new() { Submit = new() { Note = taking.Text(note) } };
        }),
        StepCommand.Of(StepCode.SendBack, "send-back", "Send a submitted draft back to its author.", ["--because \"name the article\""], inputs =>
        {
            var because = inputs.Because("What to mend");
            return taking => new() { SendBack = new() { Reason = taking.Text(because) } };
        }),
        new("approve", [StepCode.Approve], "Approve a submitted letter as it stands; not for those who wrote it.", ["", "--hash 5f2a09c1"], inputs =>
        {
            var hash = Hash(inputs);
            return async taking => new() { Approve = new() { LetterHash = (await ReadLetter.Shown(taking, hash)).LetterHash } };
        }),
        new("transmit", [StepCode.Transmit], "Send an approved letter to the partner; you sign it, and every clock starts.",
            ["--channel on-exchange", "--channel off-exchange --posted-on 2026-03-02"], inputs =>
        {
            var channel = inputs.Add(Channels("--channel"));
            var posted = inputs.Add(Values.Day("--posted-on", "Off the exchange: the day it was posted (today)"));
            var hash = Hash(inputs);
            return async taking => new()
            {
                Transmit = new()
                {
                    LetterHash = (await ReadLetter.Shown(taking, hash)).LetterHash,
                    Channel = taking.Session.Value(channel).Value,
                    PostedOn = taking.Day(posted),
                },
            };
        }),
        StepCommand.Of(StepCode.Amend, "amend", "Change a letter after transmission; the partner sees the new version, and you sign it.",
            ["letter.json --because \"a further account came up\""], inputs =>
        {
            var file = inputs.Argument("letter.json", "The whole letter; request letter --format json writes one, - reads standard input");
            var because = inputs.Because("Why");
            return taking => new()
            {
                Amend = new() { Letter = LetterFile.Read(taking.Session, taking.Session.Value(file)), Reason = taking.Text(because) },
            };
        }),
        new("supply", [StepCode.ProvideSupplement], "Supply what the partner asked for; answers every open question.",
            ["--text \"The account is held at the branch in Brest.\"", "--text @reply.txt --document order.pdf --handling H1"], inputs =>
        {
            var text = inputs.Long("--text", "The reply; subjects by placeholder, as in the letter", alias: "--reply");
            var documents = new HandedOver(inputs, "--document", DocumentKind.Attachment);
            return async taking => new()
            {
                ProvideSupplement = new() { Reply = taking.Text(text), Documents = { await documents.Names(taking) } },
            };
        }),
        StepCommand.Of(StepCode.RequestStatusReport, "ask-status", "Ask the partner how things stand, UNTOC 18(24).", ["", "--note \"the trial opens in May\""], inputs =>
        {
            var note = inputs.Note();
            return taking => new() { RequestStatusReport = new() { Note = taking.Text(note) } };
        }),
        StepCommand.Of(StepCode.Withdraw, "withdraw", "Call a request back; the partner is told, and you sign it.", ["--because \"the case was closed\""], inputs =>
        {
            var because = inputs.Because("Why");
            return taking => new() { Withdraw = new() { Reason = taking.Text(because) } };
        }),
        StepCommand.Of(StepCode.Close, "close", "Be done with a request.", [""], inputs =>
        {
            var note = inputs.Note();
            return taking => new() { Close = new() { Note = taking.Text(note) } };
        }),
        StepCommand.Of(StepCode.CloseUnanswered, "close-unanswered", "Close for want of an answer; stays unanswered in every figure.",
            ["--because \"the limitation period has passed\""], inputs =>
        {
            var because = inputs.Because("Why");
            return taking => new() { CloseUnanswered = new() { Reason = taking.Text(because) } };
        }),
        StepCommand.Of(StepCode.Adopt, "adopt", "Take an imported request over; from then on it acts like one filed here.", [""], inputs =>
        {
            var note = inputs.Note();
            return taking => new() { Adopt = new() { Note = taking.Text(note) } };
        }),
        StepCommand.Of(StepCode.ChangeChannel, "channel", "Say that the partner is reached another way from now on.",
            ["--to on-exchange --because \"its officers joined\""], inputs =>
        {
            var channel = inputs.Add(Channels("--to"));
            var because = inputs.Because("Why");
            return taking => new() { ChangeChannel = new() { Channel = taking.Session.Value(channel).Value, Reason = taking.Text(because) } };
        }),
        StepCommand.Of(StepCode.Assign, "assign", "Say who of your own side sees to it.",
            ["--to ministry-of-interior/trafficking", "--to general-prosecutor/international/1002"], inputs =>
        {
            var to = inputs.Text("--to", "Authority, unit and officer's number, as in the certificates; the last two may be left out", "AUTHORITY[/UNIT[/OFFICER]]", required: true);
            return taking => new() { Assign = Assignee(taking.Text(to)) };
        }),
    ];

    static Option<Word<Channel>> Channels(string name)
    {
        var option = Values.ChoiceWithoutDefault<Channel>(name, "How the partner is reached",
            ("on-exchange", Channel.OnExchange), ("off-exchange", Channel.OffExchange));
        option.Required = true;
        return option;
    }

    static Option<string?> Hash(Inputs inputs) => inputs.Text("--hash",
        "Only if the letter still has this hash, or one that begins so; request letter shows it", "HEX");

    static Assign Assignee(string text) => text.Split('/') is { Length: <= 3 } parts
        ? new() { Authority = parts[0], Unit = parts.ElementAtOrDefault(1) ?? "", Officer = parts.ElementAtOrDefault(2) ?? "" }
        : throw new Problem(ExitCode.Usage, $"'{text}' is not an authority, unit and officer.", "It looks like general-prosecutor/international/1002.");
}
