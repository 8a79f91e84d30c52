using Exchange.Requests.V1;
using Exchange.Tracking.V1;

namespace Exchange.Cli.Tests;

/// <summary>Fixed answers of the services.</summary>
static partial class Sample
{
    public static GetTurnaroundResponse Turnaround { get; } = new()
    {
        AsOf = "2008-12-31",
        SealedNo = 5000,
        Rows =
        {
            Row("ALL", "", 5000, 4460, 2945, 2644, 1487, 808, 0.646282, 0.67407, 98),
            Row("EU", "", 2434, 2154, 953, 732, 1177, 641, 0.421579, 0.463492, null),
            Row("CIS", "", 1951, 1756, 1756, 1752, 0, 0, 0.997817, 1, 37),
            Row("other", "", 615, 550, 236, 160, 310, 167, 0.388359, 0.470806, null),
            Row("AE", "other", 113, 93, 8, 3, 85, 40, 0.044233, 0.160653, null),
            Row("DE", "EU", 344, 303, 135, 85, 162, 90, 0.390556, 0.501796, null),
            Row("HR", "EU", 0, 0, 0, 0, 0, 0, null, null, null),
            Row("PL", "EU", 310, 274, 179, 161, 94, 26, 0.595154, 0.707169, 119),
            Row("RU", "CIS", 863, 774, 774, 771, 0, 0, 0.995061, 1, 34),
            Row("US", "other", 98, 88, 50, 30, 38, 12, 0.464075, 0.666735, 342),
        },
        Definitions = { new Definition { Term = "response_rate",
            Meaning = "Of what has fallen due, the share answered by the as-of day." } },
    };

    public static TurnaroundRow Row(
        string group, string bloc, int requests, int due, int answered, int onTime, int unanswered, int silent, double? low, double? high,
        int? median)
    {
        var gross = new Duration
        {
            StillWaiting = { new StillWaiting { Day = 30, Share = 0.840931 },
                new StillWaiting { Day = 180, Share = 0.4, Low = 0.386287, High = 0.414194 } },
        };
        if (median is { } days)
            gross.MedianDays = days;
        var row = new TurnaroundRow
        {
            Group = group,
            Bloc = bloc,
            Counts = new()
            {
                Requests = requests, FallenDue = due, FallenDueAnswered = answered, FallenDueOnTime = onTime,
                UnansweredOverdue = unanswered, Silent = silent,
            },
            Rates = new() { Response = new(), OnTime = new(), Silence = new() },
            Gross = gross,
            Net = new() { MedianDays = 93 },
            FirstOutcomes = new()
            {
                At = { new CumulativeIncidence { Day = 180, Executed = 0.461987 },
                    new CumulativeIncidence { Day = 365, Executed = 0.497491, Refused = 0.063376 } },
            },
            Caseflow = new()
            {
                PeriodFrom = "2008-01-01", PeriodTo = "2008-12-31", Transmitted = 1214, Ended = 837, Pending = 1817,
                ClearanceRate = 0.689456,
            },
            Ages = new() { Days030 = 94, Over365 = 1243 },
        };
        if (due == 0)
            return row;
        row.Rates.Response = new() { Value = (double)answered / due, Low = low!.Value, High = high!.Value };
        row.Rates.OnTime = new() { Value = (double)onTime / due };
        row.Rates.Silence = new() { Value = (double)silent / due };
        return row;
    }

    public static UnansweredRequest Unanswered(int number) => new()
    {
        Reference = $"BY-2004-{number:000000}",
        RequestedState = "PT",
        TransmittedOn = "2004-03-05",
        DueOn = "2004-06-03",
        DaysOverdue = 1672,
        Silent = number % 2 == 0,
        FlagOrigin = Origin.Imported,
    };

    public static MlaRequest Request { get; } = new()
    {
        Name = "requests/01890000-0000-7000-8000-000000000001",
        Etag = "3",
        Facts = new()
        {
            Reference = "BY-2006-000042",
            CaseNumber = "BY-GPK-2006-00001",
            RequestingState = "BY",
            RequestedState = "PL",
            RequestingAuthority = "Investigative Committee",
            Instrument = "UNTOC-2000",
            Offence = "trafficking_in_persons",
            Measures = { "obtaining_documents", "search_and_seizure" },
            Urgency = Urgency.Routine,
            Channel = Channel.OffExchange,
            Status = Status.PartiallyExecuted,
            TransmittedOn = "2006-01-10",
            AcknowledgedOn = "2006-02-01",
            Supplements = { new Supplement { RequestedOn = "2006-03-01", ProvidedOn = "2006-03-20" } },
            Answers = { new Answer { AnsweredOn = "2006-08-01", Outcome = Outcome.PartiallyExecuted, RecordedBy = Side.RequestingSide } },
            TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = "2006-01-10", DueOn = "2006-07-09",
                PolicyVersion = "2026-1" } },
            Origin = Origin.Imported,
            ObservedUntil = "2008-12-31",
            LetterVersion = 2,
            AmendedOn = { "2006-02-10" },
            StatusReports = { new StatusReport { RequestedOn = "2006-05-02", ReportedOn = "2006-05-09" } },
            Reminders = { new Reminder { RemindedOn = "2006-07-15", Rung = Rung.Reminder } },
        },
        AllowedSteps = { StepCode.ProvideSupplement, StepCode.Execute, StepCode.ExecuteInPart, StepCode.AddDocument,
            StepCode.ConfirmCorrection },
        OutstandingMeasures = { "search_and_seizure" },
        AssignedTo = "general-prosecutor/international",
        ProposedCorrection = 3,
        Subjects = { new Subject { Name = "subjects/1", Kind = SubjectKind.Person, Role = SubjectRole.Suspect, Number = 1 } },
    };
}
