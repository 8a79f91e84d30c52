using System.Globalization;
using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.Requests.Tests;

/// <summary>Every step there is, each with content that nothing is wrong with, on a request as an officer sees it.</summary>
sealed class SoundActs
{
    readonly RequestState state;
    readonly bool recording;
    readonly string today;

    public SoundActs(RequestState state, Channel channel, Caller caller, DateTimeOffset now)
    {
        this.state = state;
        recording = state.Facts.Channel == Channel.OffExchange && caller.State == "BY" && state.Facts.TransmittedOn.Length > 0;
        today = Day(now, recording ? "PL" : caller.State!);
        var letter = Letters.Complete("UNTOC-2000");
        letter.Purpose += $" ({state.Version})";
        letter.NoKnownSubjects = state.Subjects.Subjects.All(subject => subject.WithdrawnIn > 0);
        All =
        [
            (StepCode.SaveDraft, act => act.SaveDraft = new() { Letter = letter }),
            (StepCode.NameSubjects,
                act => act.NameSubjects = new() { Reason = "came up",
                Add = { new NewSubject { Kind = SubjectKind.Person, Role = SubjectRole.Witness,
                Identity = new() { Names = { "Jan" } } } } }),
            (StepCode.Submit, act => act.Submit = new()),
            (StepCode.SendBack, act => act.SendBack = new() { Reason = "name the article" }),
            (StepCode.Approve, act => act.Approve = new() { LetterHash = LifecycleFixture.Hash(state) }),
            (StepCode.Transmit, act => act.Transmit = new() { LetterHash = LifecycleFixture.Hash(state), Channel = channel }),
            (StepCode.TransmitAlone,
                act => act.TransmitAlone = new()
                {
                    LetterHash = LifecycleFixture.Hash(state), Channel = channel, Stake = Stake.Life, Reason = "nobody else is on duty",
                }),
            (StepCode.ConfirmTransmission,
                act => act.ConfirmTransmission = new() { LetterHash = LifecycleFixture.Hash(state) }),
            (StepCode.CorrectOwnEntry, act => act.CorrectOwnEntry = new() { Version = 1, Strike = true, Reason = "no" }),
            (StepCode.Amend, act => act.Amend = new() { Letter = letter, Reason = "came up" }),
            (StepCode.Assign, act => act.Assign = new() { Authority = "general-prosecutor" }),
            (StepCode.ProvideSupplement, act => act.ProvideSupplement = new() { Reply = "here" }),
            (StepCode.RequestStatusReport, act => act.RequestStatusReport = new()),
            (StepCode.Withdraw, act => act.Withdraw = new() { Reason = "closed" }),
            (StepCode.Close, act => act.Close = new()),
            (StepCode.CloseUnanswered, act => act.CloseUnanswered = new() { Reason = "time" }),
            (StepCode.Adopt, act => act.Adopt = new()),
            (StepCode.ChangeChannel,
                act => act.ChangeChannel = new() { Reason = "joined", Channel = state.Facts.Channel == Channel.OnExchange
                ? Channel.OffExchange : Channel.OnExchange }),
            (StepCode.RejectCorrection, act => act.RejectCorrection = new() { ProposedIn = 1, Reason = "no" }),
            (StepCode.ConfirmCorrection, act => act.ConfirmCorrection = new() { ProposedIn = 1 }),
            Partner(StepCode.ConfirmDelivery, act => act.ConfirmDelivery = new()),
            Partner(StepCode.Acknowledge, act => act.Acknowledge = new()),
            Partner(StepCode.Recognise, act => act.Recognise = new()),
            Partner(StepCode.StartExecution, act => act.StartExecution = new()),
            Partner(StepCode.RequestSupplement, act => act.RequestSupplement = new() { Question = "which?" }),
            Partner(StepCode.Postpone, act => act.Postpone = new() { Ground = "own_proceedings_pending" }),
            Partner(StepCode.Forward, act => act.Forward = new() { Authority = "regional prosecutor" }),
            Partner(StepCode.ReportStatus, act => act.ReportStatus = new() { Report = "under way" }),
            Partner(StepCode.Return, act => act.ReturnLetter = new() { Ground = "form_defect", Reason = "no seal" }),
            Partner(StepCode.Execute, act => act.Answer = new() { Outcome = Outcome.Executed }),
            Partner(StepCode.ExecuteInPart, act => act.Answer = new()
            {
                Outcome = Outcome.PartiallyExecuted, Measures = { new MeasureOutcome { Measure = "obtaining_documents", Done = true } },
            }),
            Partner(StepCode.Refuse,
                act => act.Answer = new() { Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Text = "judged here" }),
            Partner(StepCode.DeclareNotExecutable,
                act => act.Answer = new() { Outcome = Outcome.NotExecutable, Ground = "person_not_found", Text = "moved away" }),
        ];
    }

    public IReadOnlyList<(StepCode Code, Action<Act> Step)> All { get; }

    /// <summary>The day the act carries: its own when recorded, else that of the acting state.</summary>
    public static string DayOf(Act act, RequestState after)
    {
        if (act.OccurredOn.Length > 0)
            return act.OccurredOn;
        var asks = act.StepCase is Act.StepOneofCase.Transmit or Act.StepOneofCase.TransmitAlone or Act.StepOneofCase.ProvideSupplement
            or Act.StepOneofCase.RequestStatusReport or Act.StepOneofCase.Withdraw
            or Act.StepOneofCase.Close or Act.StepOneofCase.CloseUnanswered or Act.StepOneofCase.Amend;
        return Day(after.Facts.RecordedAt.ToDateTimeOffset(), asks ? "BY" : "PL");
    }

    (StepCode, Action<Act>) Partner(StepCode code, Action<Act> step) => (code, act =>
    {
        step(act);
        if (recording)
            (act.OccurredOn, act.DocumentReference) = (today, "letter 12/26");
    }
    );

    static string Day(DateTimeOffset now, string state) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(
        now, TimeZoneInfo.FindSystemTimeZoneById(state switch { "BY" => "Europe/Minsk", "PL" => "Europe/Warsaw", _ => "Europe/Vilnius" }))
            .DateTime).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
