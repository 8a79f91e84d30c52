namespace Exchange.Reference;

/// <summary>A state that can request or be requested.</summary>
/// <param name="Alpha2">ISO 3166-1 alpha-2, upper case; the code used everywhere in the product.</param>
/// <param name="Alpha3">ISO 3166-1 alpha-3.</param>
/// <param name="Numeric">ISO 3166-1 numeric, three digits with leading zeros.</param>
/// <param name="Name">Short name in English.</param>
/// <param name="Zone">Zone of the capital: a legal day is a calendar day in it.</param>
public sealed record State(string Alpha2, string Alpha3, string Numeric, string Name, TimeZoneInfo Zone);

/// <summary>The legal basis of a request.</summary>
/// <param name="Code">Code on the wire, for example <c>UNTOC-2000</c>.</param>
/// <param name="Title">Full title in English.</param>
/// <param name="Article">The article that governs assistance; empty where none was verified.</param>
/// <param name="AcknowledgeDays">Calendar days to confirm receipt; null when the instrument states none.</param>
/// <param name="DecideDays">Calendar days to decide on recognition; null when the instrument states none.</param>
/// <param name="AnswerDays">Calendar days from the decision to the answer; null when the instrument states none.</param>
/// <param name="Binding">Whether the days bind the instrument's parties among themselves.</param>
public sealed record Instrument(
    string Code, string Title, string Article, int? AcknowledgeDays, int? DecideDays, int? AnswerDays, Binding Binding);

/// <summary>Whether an instrument's days bind its parties.</summary>
public enum Binding
{
    /// <summary>The text was not verified: no statutory limit is assumed.</summary>
    Unknown,

    /// <summary>It states no days, or only a wish.</summary>
    No,

    /// <summary>They bind the parties among themselves, and nobody else.</summary>
    Yes,
}

/// <summary>A kind of assistance that can be asked for.</summary>
/// <param name="Code">Lower case with underscores.</param>
/// <param name="CoerciveByDefault">Needs compulsion unless the law of the requested state says otherwise.</param>
/// <param name="Source">Where it stands in law.</param>
public sealed record Measure(string Code, bool CoerciveByDefault, string Source);

/// <summary>A coded reason for not doing what was asked.</summary>
/// <param name="Code">Lower case with underscores.</param>
/// <param name="IsRefusal">It is a lawful refusal, hence an answer; otherwise a return or "not executable".</param>
/// <param name="Source">Where it stands in law.</param>
public sealed record Ground(string Code, bool IsRefusal, string Source)
{
    /// <summary>It permits to answer later, UNTOC 18(25).</summary>
    public bool Postpones { get; init; }

    /// <summary>It is a defect of the letter, for which it is sent back.</summary>
    public bool Returns { get; init; }

    /// <summary>It says why a request cannot be executed.</summary>
    public bool NotExecutable { get; init; }

    /// <summary>The instrument under which it may not be the sole ground of refusal; empty when there is none.</summary>
    public string BarredUnder { get; init; } = "";
}

/// <summary>What a letter under an instrument must say.</summary>
/// <param name="Field">A field of the letter, <c>subjects</c>, or <c>field.VALUE</c> for a code that a list must hold.</param>
/// <param name="UnlessOnly">Not asked for when nothing but this measure is requested; empty when it always is.</param>
/// <param name="Source">What asks for it: an article, or our own rule.</param>
public sealed record LetterRequirement(string Field, string UnlessOnly, string Source);

/// <summary>The names that <see cref="ReferenceData.BlocOf"/> returns.</summary>
public static class Blocs
{
    /// <summary>European Union.</summary>
    public const string EU = "EU";

    /// <summary>Commonwealth of Independent States: members, associates and participants alike.</summary>
    public const string CIS = "CIS";

    /// <summary>In neither on that day.</summary>
    public const string Other = "other";
}

/// <summary>A time a state belongs to something; both ends inclusive, an empty end is open.</summary>
readonly record struct Term(string Alpha2, string Belongs, DateOnly From, DateOnly To)
{
    public bool Covers(DateOnly day) => From <= day && day <= To;

    public bool Overlaps(Term other) => From <= other.To && other.From <= To;
}
