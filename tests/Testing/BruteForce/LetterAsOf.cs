namespace Exchange.Testing;

/// <summary>A letter at the end of a day, worked out in the most naive way: by walking through the calendar.</summary>
public sealed class LetterAsOf
{
    static readonly string[] AnswerOutcomes = ["executed", "partially_executed", "refused", "not_executable"];

    readonly string kind;

    /// <summary>Whatever the letter says after the day, or after its register ended, is struck out first.</summary>
    public LetterAsOf(Letter letter, DateOnly asOf, string kind)
    {
        this.kind = kind;
        Last = letter.ObservedUntil < asOf ? letter.ObservedUntil.Value : asOf;
        Letter = letter with
        {
            Acknowledged = Struck(letter.Acknowledged),
            Recognised = Struck(letter.Recognised),
            Forwarded = Struck(letter.Forwarded),
            Postponed = [.. letter.Postponed.Where(day => day <= Last)],
            Reported = [.. letter.Reported.Where(day => day <= Last)],
            Questions = [.. letter.Questions.Where(q => q.Asked <= Last).Select(q => new NaiveQuestion(q.Asked, Struck(q.Provided)))],
            Answers = [.. letter.Answers.Where(a => a.On <= Last)],
            Ending = letter.Ending is { } ending && ending.On <= Last ? ending : null,
        };
        FirstOn = Letter.Answers.Select(a => (DateOnly?)a.On).Append(Letter.Ending?.On).Min();
        FinalOn = Letter.Answers.Where(a => a.IsFinal).Select(a => (DateOnly?)a.On).Append(Letter.Ending?.On).Min();
        First = EndOn(FirstOn, Letter.Answers);
        Final = EndOn(FinalOn, Letter.Answers.Where(a => a.IsFinal));
        DaysWaited = CountDaysWaited();
    }

    /// <summary>The letter with all struck out that happened after the day.</summary>
    public Letter Letter { get; }

    /// <summary>The day it is seen at: the as-of day, or the last day of its register where that came first.</summary>
    public DateOnly Last { get; }

    /// <summary>Whether it had been sent by that day.</summary>
    public bool IsSent => Letter.Transmitted <= Last;

    /// <summary>The day of the first answer, withdrawal or return.</summary>
    public DateOnly? FirstOn { get; }

    /// <summary>The day of the final answer, withdrawal or return.</summary>
    public DateOnly? FinalOn { get; }

    /// <summary>What that was; on one day an answer goes before an ending.</summary>
    public string? First { get; }

    /// <summary>As <see cref="First"/>, counting final answers only.</summary>
    public string? Final { get; }

    /// <summary>Which side wrote the first answer down; <c>none</c> without an answer.</summary>
    public string RecordedBy => IsAnswered ? Letter.Answers.First(a => a.On == FirstOn).RecordedBy : "none";

    /// <summary>Whether what ended it first was an answer.</summary>
    public bool IsAnswered => AnswerOutcomes.Contains(First);

    /// <summary>Whether nothing had ended it.</summary>
    public bool IsOpen => First is null;

    /// <summary>Whether it was withdrawn or returned, without an answer before.</summary>
    public bool EndedOtherwise => !IsOpen && !IsAnswered;

    /// <summary>The due day of the kind of limit asked for; null where the letter has none of it.</summary>
    public DateOnly? Due => Letter.Due.TryGetValue(kind, out var due) ? due : null;

    /// <summary>Whether the due day has come, and it was not withdrawn or returned before.</summary>
    public bool FallenDue => Due is { } due && due <= Last && !(EndedOtherwise && FirstOn < due);

    /// <summary>Whether it was answered by the due day.</summary>
    public bool OnTime => IsAnswered && FirstOn <= Due;

    /// <summary>Whether it was answered by the due day, moved on by every day on which the partner waited for a reply.</summary>
    public bool NetOnTime => IsAnswered && FirstOn <= Due?.AddDays(DaysWaited);

    /// <summary>Whether the partner had done nothing at all.</summary>
    public bool Unheard => Letter.Acknowledged is null && Letter.Recognised is null && Letter.Forwarded is null
        && Letter.Postponed.Count == 0 && Letter.Reported.Count == 0 && Letter.Questions.Count == 0;

    /// <summary>Whether a question waits for the requester.</summary>
    public bool WaitsForUs => IsOpen && Letter.Questions.Any(q => q.Provided is null);

    /// <summary>Days from transmission to the first end, or as long as it was watched.</summary>
    public int Gross => Days(Letter.Transmitted, FirstOn ?? Last);

    /// <summary>The gross days without those on which a question was open.</summary>
    public int Net => Gross - DaysWaited;

    /// <summary>Days from transmission to the final end, or as long as it was watched.</summary>
    public int FinalDays => Days(Letter.Transmitted, FinalOn ?? Last);

    /// <summary>Days from transmission to a stage, or to the first end, or as long as it was watched.</summary>
    public int DaysTo(DateOnly? stage) => stage is { } day ? Days(Letter.Transmitted, day) : Gross;

    int DaysWaited { get; }

    int CountDaysWaited()
    {
        var waited = 0;
        for (var day = Letter.Transmitted; day < (FirstOn ?? Last); day = day.AddDays(1))
            if (Letter.Questions.Any(q => q.Asked <= day && !(q.Provided <= day)))
                waited++;
        return waited;
    }

    string? EndOn(DateOnly? day, IEnumerable<NaiveAnswer> answers) =>
        day is null ? null : answers.FirstOrDefault(a => a.On == day)?.Outcome ?? Letter.Ending!.Outcome;

    DateOnly? Struck(DateOnly? day) => day <= Last ? day : null;

    static int Days(DateOnly from, DateOnly to) => to.DayNumber - from.DayNumber;
}
