using System.Collections.Frozen;

namespace Exchange.Reference;

/// <summary>
/// States, blocs, instruments, measures and grounds, as all services share them. Read once at start; a faulty table
/// stops the service.
/// </summary>
public sealed class ReferenceData
{
    readonly FrozenDictionary<string, Term[]> memberships;
    readonly FrozenDictionary<string, Term[]> parties;

    internal ReferenceData(ReferenceReader tables)
    {
        States = tables.States.ToFrozenDictionary();
        Instruments = tables.Instruments.ToFrozenDictionary();
        Measures = tables.Measures.ToFrozenDictionary();
        Grounds = tables.Grounds.ToFrozenDictionary();
        LetterRequirements =
            tables.Requirements.ToFrozenDictionary(entry => entry.Key, IReadOnlyList<LetterRequirement> (entry) => entry.Value);
        AcceptedLanguages = tables.Languages.ToFrozenDictionary(entry => entry.Key, IReadOnlyList<string> (entry) => entry.Value);
        memberships = ByState(tables.Memberships);
        parties = ByState(tables.Parties);

        static FrozenDictionary<string, Term[]> ByState(IEnumerable<Term> terms) =>
            terms.GroupBy(t => t.Alpha2).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>The states known here, by their ISO 3166-1 alpha-2 code in upper case.</summary>
    public IReadOnlyDictionary<string, State> States { get; }

    /// <summary>The legal bases of requests, by their code, such as <c>UNTOC-2000</c>.</summary>
    public IReadOnlyDictionary<string, Instrument> Instruments { get; }

    /// <summary>The kinds of assistance that can be asked for, by their code, such as <c>hearing_of_witness</c>.</summary>
    public IReadOnlyDictionary<string, Measure> Measures { get; }

    /// <summary>The grounds of refusal, postponement, return and "not executable", by their code.</summary>
    public IReadOnlyDictionary<string, Ground> Grounds { get; }

    /// <summary>What a letter must say, by the code of its instrument; an instrument without requirements is absent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<LetterRequirement>> LetterRequirements { get; }

    /// <summary>Languages a state accepts letters in, ISO 639-1, by its code; absent where its declaration is not known here.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AcceptedLanguages { get; }

    /// <summary>Reads and checks every table.</summary>
    /// <param name="open">Opens a table by its file name, <c>countries.csv</c>; by default those built in.</param>
    /// <exception cref="ReferenceDataException">Something is wrong; names every fault with file and row.</exception>
    public static ReferenceData Load(Func<string, TextReader>? open = null) => new(new ReferenceReader(open ?? OpenBuiltIn));

    /// <summary>The bloc a state belonged to: <see cref="Blocs.EU"/>, <see cref="Blocs.CIS"/> or <see cref="Blocs.Other"/>.</summary>
    /// <param name="state">ISO 3166-1 alpha-2; a code not known here is in no bloc.</param>
    /// <param name="day">The day asked about: that of transmission. First and last day of a membership count as inside.</param>
    public string BlocOf(string state, DateOnly day)
    {
        foreach (var term in memberships.GetValueOrDefault(state) ?? [])
            if (term.Covers(day))
                return term.Belongs;

        return Blocs.Other;
    }

    /// <summary>The blocs a state belonged to, each from its first day on, in order; the first from the first day there is.</summary>
    /// <param name="state">ISO 3166-1 alpha-2; a code not known here is in no bloc.</param>
    public IReadOnlyList<(DateOnly From, string Bloc)> BlocsOf(string state)
    {
        List<DateOnly> days = [DateOnly.MinValue];
        foreach (var term in memberships.GetValueOrDefault(state) ?? [])
        {
            days.Add(term.From);
            if (term.To < DateOnly.MaxValue)
                days.Add(term.To.AddDays(1));
        }
        return [.. days.Distinct().Order().Select(day => (day, BlocOf(state, day)))];
    }

    /// <summary>
    /// The instrument's days bind both states towards each other on that day. False for an instrument without binding
    /// days, and where one state is not a party: then the days are a benchmark, never a statutory limit.
    /// </summary>
    /// <exception cref="KeyNotFoundException">The instrument is not known.</exception>
    public bool Binds(string instrument, string stateA, string stateB, DateOnly day) =>
        Instruments[instrument].Binding == Binding.Yes
        && stateA != stateB
        && IsParty(instrument, stateA, day)
        && IsParty(instrument, stateB, day);

    /// <summary>
    /// Two states may rely on the instrument towards each other on that day. True where its parties are not recorded here: only
    /// those of the European Investigation Order are.
    /// </summary>
    public bool IsAvailable(string instrument, string stateA, string stateB, DateOnly day) =>
        !parties.Values.Any(terms => terms.Any(term => term.Belongs == instrument))
        || (IsParty(instrument, stateA, day) && IsParty(instrument, stateB, day));

    /// <summary>
    /// The ISO 3166-1 code for one the EU writes differently, <c>UK</c> and <c>EL</c> (Interinstitutional Style Guide
    /// 7.1.1); any other text comes back as it is, known or not.
    /// </summary>
    public static string StateOfAlias(string code) => code switch
    {
        "UK" => "GB",
        "EL" => "GR",
        _ => code,
    };

    /// <summary>The calendar day it is now in a state: the date of what its officers do now.</summary>
    /// <exception cref="KeyNotFoundException">The state is not known.</exception>
    public DateOnly Today(string state, TimeProvider time) => LegalDay.Today(States[state], time);

    /// <summary>The calendar day it is in a state at an instant.</summary>
    /// <param name="state">The state that acts; null for a service, which acts in none: its day is that of UTC.</param>
    /// <exception cref="KeyNotFoundException">The state is not known.</exception>
    public DateOnly DayAt(string? state, DateTimeOffset instant) =>
        state is null ? LegalDay.OfUtc(instant) : LegalDay.At(States[state], instant);

    /// <summary>The first instant of a calendar day in a state, in UTC.</summary>
    /// <exception cref="KeyNotFoundException">The state is not known.</exception>
    public DateTimeOffset StartOfDay(string state, DateOnly day) => LegalDay.StartOf(day, States[state]);

    /// <summary>The last microsecond of a calendar day in a state, in UTC; "as of D" includes it.</summary>
    /// <exception cref="KeyNotFoundException">The state is not known.</exception>
    public DateTimeOffset EndOfDay(string state, DateOnly day) => LegalDay.EndOf(day, States[state]);

    bool IsParty(string instrument, string state, DateOnly day) =>
        (parties.GetValueOrDefault(state) ?? []).Any(t => t.Belongs == instrument && t.Covers(day));

    static StreamReader OpenBuiltIn(string file) =>
        new(typeof(ReferenceData).Assembly.GetManifestResourceStream("Tables/" + file)
            ?? throw new FileNotFoundException("Not built in.", file));
}
