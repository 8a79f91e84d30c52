using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Benchmarks;

/// <summary>
/// Requests as a busy authority of ten years would have them: most answered in full and some in part and later the rest, a
/// tenth refused, a fifth asked about, an eighth open. The same for the product as facts and for SQL in typed columns.
/// </summary>
static class TurnaroundRows
{
    public const string Viewer = "BY";

    static readonly string[] Measures = ["hearing_of_witness", "search_and_seizure", "obtaining_documents", "expert_examination"];
    static readonly string[] Instruments = ["UNTOC-2000", "MINSK-1993", "BILATERAL", "EIO-2014"];
    static readonly string[] Offences = ["trafficking_in_persons", "exploitation_of_prostitution", "kidnapping"];

    /// <summary>A hundred; those the reference tables do not know are in no bloc.</summary>
    public static IReadOnlyList<string> Partners { get; } =
        [.. ReferenceData.Load().States.Keys.Where(state => state != Viewer).Order(StringComparer.Ordinal)
            .Concat(Enumerable.Range(0, 100).Select(n => $"{(char)('0' + (n / 10))}{n % 10}")).Take(100)];

    /// <summary>Writes so many, numbered as the service numbers them, in an order that knows no partner.</summary>
    public static async Task Write(NpgsqlDataSource source, int count)
    {
        await using var facts = await source.OpenConnectionAsync();
        await using var typed = await source.OpenConnectionAsync();
        await using (var create = new NpgsqlCommand(
            """
            CREATE TABLE typed (requesting_state text NOT NULL, requested_state text NOT NULL, transmitted_on date NOT NULL, due_on date,
              ended_on date, outcome smallint NOT NULL, waited int NOT NULL, heard_on date)
            """, typed))
            await create.ExecuteNonQueryAsync();
        await using (var toFacts = await facts.BeginBinaryImportAsync(
            """
            COPY facts (request_id, version, recorded_at, requesting_state, requested_state, transmitted_on, body, row_no, change_no,
              course, course_version) FROM STDIN BINARY
            """))
        await using (var toTyped = await typed.BeginBinaryImportAsync("COPY typed FROM STDIN BINARY"))
        {
            toFacts.Timeout = toTyped.Timeout = TimeSpan.FromHours(1);
            var random = new Random(17);
            for (var row = 0; row < count; row++)
            {
                var one = Any(random, row);
                await WriteFacts(toFacts, one, row);
                await WriteTyped(toTyped, one);
            }
            await toFacts.CompleteAsync();
            await toTyped.CompleteAsync();
        }
        await using var head =
            new NpgsqlCommand("UPDATE facts_changes SET last_no = $1, rows = $1", facts) { Parameters = { new() { Value = count } } };
        await head.ExecuteNonQueryAsync();
    }

    static RequestFacts Any(Random random, int number)
    {
        var transmitted = new DateOnly(2016, 1, 1).AddDays(random.Next(10 * 365));
        var urgent = random.Next(5) == 0;
        var facts = new RequestFacts
        {
            Request = $"requests/{Guid.CreateVersion7()}",
            Version = 1,
            RecordedAt = Timestamp.FromDateTimeOffset(new(transmitted, TimeOnly.MinValue, TimeSpan.Zero)),
            Reference = $"BY-{transmitted.Year}-{number:00000000}",
            RequestingState = Viewer,
            RequestedState = Partners[random.Next(Partners.Count)],
            Instrument = Instruments[random.Next(Instruments.Length)],
            Offence = Offences[random.Next(Offences.Length)],
            Measures = { Measures.Where(_ => random.Next(2) == 0) },
            Urgency = urgent ? Urgency.Urgent : Urgency.Routine,
            Origin = Origin.OnTheExchange,
            TransmittedOn = transmitted.ToIso(),
            TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = transmitted.ToIso(),
                DueOn = transmitted.AddDays(urgent ? 90 : 180).ToIso() } },
        };
        if (random.Next(10) > 0)
            facts.AcknowledgedOn = transmitted.AddDays(random.Next(1, 40)).ToIso();
        if (random.Next(10) > 3)
            facts.RecognisedOn = transmitted.AddDays(random.Next(20, 80)).ToIso();
        if (random.Next(5) == 0)
            Ask(facts, random, transmitted.AddDays(random.Next(10, 60)));
        if (random.Next(100) == 0)
            Ask(facts, random, transmitted.AddDays(random.Next(150, 200)));
        End(facts, random, transmitted.AddDays((int)Math.Min(900, 20 - (140 * Math.Log(1 - random.NextDouble())))));
        return facts;
    }

    static void Ask(RequestFacts facts, Random random, DateOnly asked) =>
        facts.Supplements.Add(new Supplement
        {
            RequestedOn = asked.ToIso(),
            ProvidedOn = random.Next(4) > 0 ? asked.AddDays(random.Next(5, 60)).ToIso() : ""
        });

    static void End(RequestFacts facts, Random random, DateOnly on)
    {
        switch (random.Next(40))
        {
            case < 22:
                facts.Answers.Add(Answered(Outcome.Executed, on));
                break;
            case < 27:
                facts.Answers.Add(Answered(Outcome.PartiallyExecuted, on, final: false));
                if (random.Next(2) == 0)
                    facts.Answers.Add(Answered(Outcome.Executed, on.AddDays(random.Next(10, 200))));
                break;
            case < 31:
                facts.Answers.Add(Answered(Outcome.Refused, on));
                break;
            case < 33:
                facts.Answers.Add(Answered(Outcome.NotExecutable, on));
                break;
            case 33:
                facts.Ending = new() { EndedOn = on.ToIso(), Outcome = Outcome.Returned, RecordedBy = Side.RequestingSide };
                break;
            case 34:
                facts.Ending = new() { EndedOn = on.ToIso(), Outcome = Outcome.Withdrawn, RecordedBy = Side.RequestingSide };
                break;
        }
    }

    static Answer Answered(Outcome outcome, DateOnly on, bool final = true) =>
        new() { AnsweredOn = on.ToIso(), Outcome = outcome, Final = final, RecordedBy = Side.RequestedSide };

    static async Task WriteFacts(NpgsqlBinaryImporter to, RequestFacts facts, int row)
    {
        await to.StartRowAsync();
        await to.WriteAsync(facts.Id(), NpgsqlDbType.Uuid);
        await to.WriteAsync(facts.Version, NpgsqlDbType.Integer);
        await to.WriteAsync(facts.RecordedAt.ToDateTimeOffset(), NpgsqlDbType.TimestampTz);
        await to.WriteAsync(facts.RequestingState, NpgsqlDbType.Text);
        await to.WriteAsync(facts.RequestedState, NpgsqlDbType.Text);
        await to.WriteAsync(LegalDay.Parse(facts.TransmittedOn), NpgsqlDbType.Date);
        await to.WriteAsync(facts.ToByteArray(), NpgsqlDbType.Bytea);
        await to.WriteAsync(row, NpgsqlDbType.Integer);
        await to.WriteAsync((long)row + 1, NpgsqlDbType.Bigint);
        await to.WriteAsync(StoredTimeline.Of(facts), NpgsqlDbType.Bytea);
        await to.WriteAsync(facts.Version, NpgsqlDbType.Integer);
    }

    /// <summary>What SQL counts by, worked out beforehand: its rows are as easy for it as can be.</summary>
    static async Task WriteTyped(NpgsqlBinaryImporter to, RequestFacts facts)
    {
        var clock = Clock.At(facts, new(2025, 12, 31), LimitKind.Policy)
            ?? throw new InvalidOperationException("Transmitted after the as-of day.");
        await to.StartRowAsync();
        await to.WriteAsync(facts.RequestingState, NpgsqlDbType.Text);
        await to.WriteAsync(facts.RequestedState, NpgsqlDbType.Text);
        await to.WriteAsync(clock.TransmittedOn, NpgsqlDbType.Date);
        await WriteDay(to, clock.DueOn);
        await WriteDay(to, clock.EndedOn);
        await to.WriteAsync((short)clock.First, NpgsqlDbType.Smallint);
        await to.WriteAsync(clock.Waited, NpgsqlDbType.Integer);
        await WriteDay(to, Timeline.DayOf(Timeline.Of(facts).Heard));
    }

    static Task WriteDay(NpgsqlBinaryImporter to, DateOnly? day) =>
        day is { } on ? to.WriteAsync(on, NpgsqlDbType.Date) : to.WriteNullAsync();
}
