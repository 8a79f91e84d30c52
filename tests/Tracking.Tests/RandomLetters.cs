using Exchange.Testing;

namespace Exchange.Tracking.Tests;

/// <summary>Letters with every turn a request can take, each with its history of late entries and corrections.</summary>
sealed class RandomLetters(int seed)
{
    static readonly DateOnly FirstDay = new(2016, 1, 1);
    static readonly string[] Partners = ["PL", "LT", "DE", "GB", "HR", "RU", "UA", "MD", "TM", "GE", "US", "TR"];
    static readonly string[] Instruments = ["UNTOC-2000", "MINSK-1993", "BILATERAL", "EIO-2014"];
    static readonly string[] Measures = ["hearing_of_witness", "search_and_seizure", "obtaining_documents", "expert_examination"];
    static readonly string[] Offences = ["trafficking_in_persons", "exploitation_of_prostitution", "kidnapping"];
    static readonly string[] Answers = ["executed", "partially_executed", "refused", "not_executable"];
    static readonly string[] Limits = ["requested", "statutory", "benchmark"];

    readonly Random random = new(seed);

    /// <summary>All versions of so many requests, in order of request and version.</summary>
    public List<Known> Histories(int requests) => [.. Enumerable.Range(1, requests).SelectMany(History)];

    public DateOnly AnyDay() => FirstDay.AddDays(random.Next(5 * 365));

    public bool Chance(double share) => random.NextDouble() < share;

    public T OneOf<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    public List<T> Shuffled<T>(IEnumerable<T> items) => [.. items.OrderBy(_ => random.Next())];

    public int Next(int below) => random.Next(below);

    IEnumerable<Known> History(int number)
    {
        var id = Guid.CreateVersion7();
        var imported = Chance(0.4);
        var adoptedFrom = imported && Chance(0.3) ? random.Next(1, 4) : int.MaxValue;
        var observed = imported ? AnyDay() : (DateOnly?)null;
        var letter = Sent(number);
        var recorded = new DateTimeOffset(letter.Transmitted, TimeOnly.MinValue, TimeSpan.Zero);
        for (var version = 1; version <= random.Next(1, 5); version++)
        {
            if (version > 1)
                letter = Chance(0.2) ? Corrected(letter) : Continued(letter);
            var adopted = version >= adoptedFrom;
            yield return new(id, version, recorded, letter with { ObservedUntil = adopted ? null : observed }, imported, adopted);
            recorded = recorded.AddHours(random.Next(1, 200 * 24));
        }
    }

    Letter Sent(int number)
    {
        var transmitted = AnyDay();
        var incoming = Chance(0.3);
        var due = Limits.Where(_ => Chance(0.5)).ToDictionary(kind => kind, _ => transmitted.AddDays(random.Next(10, 200)));
        var urgent = Chance(0.3);
        if (Chance(0.95))
            due["policy"] = transmitted.AddDays(urgent ? 90 : 180);
        return Continued(new()
        {
            Reference = $"XX-{number:000000}",
            RequestingState = incoming ? OneOf(Partners) : "BY",
            RequestedState = incoming ? "BY" : OneOf(Partners),
            Instrument = OneOf(Instruments),
            Offence = OneOf(Offences),
            Measures = [.. Measures.Where(_ => Chance(0.5))],
            Urgency = urgent ? "urgent" : "routine",
            Transmitted = transmitted,
            Due = due,
        });
    }

    /// <summary>Something more was entered, of whatever day.</summary>
    Letter Continued(Letter letter) => random.Next(10) switch
    {
        0 => letter with { Acknowledged = Later(letter) },
        1 => letter with { Recognised = Later(letter), Acknowledged = letter.Acknowledged ?? Later(letter) },
        2 => letter with { Forwarded = Later(letter) },
        3 => letter with { Postponed = [.. letter.Postponed, Later(letter)] },
        4 or 5 => letter with { Questions = [.. letter.Questions, Question(letter)] },
        6 or 7 => letter with { Answers = [.. letter.Answers, Answer(letter)], Questions = [.. letter.Questions, Question(letter)] },
        8 => letter with { Answers = [.. letter.Answers, Answer(letter), Answer(letter)] },
        _ => letter with { Ending = new(Later(letter), Chance(0.5) ? "withdrawn" : "returned") },
    };

    Letter Corrected(Letter letter) => random.Next(4) switch
    {
        0 => letter with { Answers = [] },
        1 => letter with { Ending = null, Acknowledged = null },
        2 => letter with { Transmitted = letter.Transmitted.AddDays(-random.Next(30)) },
        _ => letter with { Due = letter.Due.ToDictionary(d => d.Key, d => d.Value.AddDays(random.Next(60))) },
    };

    NaiveQuestion Question(Letter letter)
    {
        var asked = Later(letter);
        return new(asked, Chance(0.6) ? asked.AddDays(random.Next(90)) : null);
    }

    // Half of all answers fall on or beside a due day, where mistakes are.
    NaiveAnswer Answer(Letter letter)
    {
        var on = Chance(0.5) && letter.Due.Count > 0 ? OneOf([.. letter.Due.Values]).AddDays(random.Next(3) - 1) : Later(letter);
        return new(on, OneOf(Answers), Chance(0.5), Chance(0.5) ? "requesting_side" : "requested_side");
    }

    DateOnly Later(Letter letter) => letter.Transmitted.AddDays(random.Next(Chance(0.5) ? 60 : 500));
}
