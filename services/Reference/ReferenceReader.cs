using Exchange.Requests.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Reference;

/// <summary>Reads all tables, each against the ones before, and throws once with everything that is wrong.</summary>
sealed class ReferenceReader
{
    readonly List<string> faults = [];
    readonly Func<string, TextReader> open;

    public ReferenceReader(Func<string, TextReader> open)
    {
        this.open = open;
        ReadStates();
        ReadInstruments();
        ReadMeasures();
        ReadGrounds();
        ReadRequirements();
        ReadLanguages();
        Memberships = ReadTerms("memberships.csv", ["alpha2", "bloc", "valid_from", "valid_to", "kind", "note"], MemberOf);
        Parties = ReadTerms("instrument-parties.csv", ["instrument", "alpha2", "valid_from", "valid_to", "note"], PartyTo);
        if (faults.Count > 0)
            throw new ReferenceDataException(faults);
    }

    public Dictionary<string, State> States { get; } = [];

    public Dictionary<string, Instrument> Instruments { get; } = [];

    public Dictionary<string, Measure> Measures { get; } = [];

    public Dictionary<string, Ground> Grounds { get; } = [];

    public Dictionary<string, List<LetterRequirement>> Requirements { get; } = [];

    public Dictionary<string, string[]> Languages { get; } = [];

    public List<Term> Memberships { get; }

    public List<Term> Parties { get; }

    void ReadStates()
    {
        var zones = ReadZones();
        var countries = Table("countries.csv", "alpha2", "alpha3", "numeric", "name");
        foreach (var row in countries.Rows)
        {
            var alpha2 = row.Letters("alpha2", 2);
            if (row["numeric"].Length != 3 || !row["numeric"].All(char.IsAsciiDigit))
                row.Fault($"numeric '{row["numeric"]}' is not three digits");
            if (!zones.Remove(alpha2, out var zone))
                row.Fault($"{alpha2} has no zone in zones.csv");

            Add(States, row, "alpha2",
                new State(alpha2, row.Letters("alpha3", 3), row["numeric"], row.Text("name"), zone.Zone ?? TimeZoneInfo.Utc));
        }

        foreach (var (alpha2, (row, _)) in zones)
            row.Fault($"{alpha2} is not in countries.csv");
    }

    Dictionary<string, (ReferenceRow Row, TimeZoneInfo? Zone)> ReadZones()
    {
        var zones = new Dictionary<string, (ReferenceRow, TimeZoneInfo?)>();
        foreach (var row in Table("zones.csv", "alpha2", "zone").Rows)
        {
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(row["zone"], out var zone))
                row.Fault($"zone '{row["zone"]}' is not known on this machine (is tzdata installed?)");
            Add(zones, row, "alpha2", (row, zone));
        }

        return zones;
    }

    void ReadInstruments()
    {
        var table = Table("instruments.csv", "code", "title", "article", "acknowledge_days", "decide_days", "answer_days",
            "binding_on_answer", "note");
        foreach (var row in table.Rows)
        {
            var binding = Enum.TryParse<Binding>(row.OneOf("binding_on_answer", "yes", "no", "unknown"), true, out var b) ? b : default;
            Add(Instruments, row, "code", new Instrument(row.Text("code"), row.Text("title"), row["article"],
                row.Days("acknowledge_days"), row.Days("decide_days"), row.Days("answer_days"), binding));
        }
    }

    void ReadMeasures()
    {
        foreach (var row in Table("measures.csv", "code", "coercive_by_default", "source").Rows)
            Add(Measures, row, "code",
                new Measure(row.Text("code"), row.OneOf("coercive_by_default", "yes", "no") == "yes", row.Text("source")));
    }

    void ReadGrounds()
    {
        foreach (var row in Table("refusal-grounds.csv", "code", "is_refusal", "serves", "barred_under", "source").Rows)
        {
            var serves = row.Text("serves").Split(';');
            if (serves.Except(["refusal", "postponement", "return", "not_executable"]).Any())
                row.Fault($"serves '{row["serves"]}' is not of refusal, postponement, return, not_executable with semicolons between");
            if (row["barred_under"].Length > 0 && !Instruments.ContainsKey(row["barred_under"]))
                row.Fault($"barred_under '{row["barred_under"]}' is not in instruments.csv");
            Add(Grounds, row, "code", new Ground(row.Text("code"), row.OneOf("is_refusal", "yes", "no") == "yes", row.Text("source"))
            {
                Postpones = serves.Contains("postponement"), Returns = serves.Contains("return"),
                NotExecutable = serves.Contains("not_executable"),
                BarredUnder = row["barred_under"],
            });
        }
    }

    void ReadRequirements()
    {
        foreach (var row in Table("letter-requirements.csv", "instrument", "field", "unless_only", "source").Rows)
        {
            if (!Instruments.ContainsKey(row["instrument"]))
                row.Fault($"instrument '{row["instrument"]}' is not in instruments.csv");
            // A table that is missing is one fault and not many.
            if (row["unless_only"].Length > 0 && Measures.Count > 0 && !Measures.ContainsKey(row["unless_only"]))
                row.Fault($"unless_only '{row["unless_only"]}' is not in measures.csv");
            if (!IsFieldOfLetter(row["field"]))
                row.Fault($"field '{row["field"]}' is neither a field of Letter, with or without a code of its list, nor subjects");
            if (!Requirements.TryGetValue(row["instrument"], out var required))
                Requirements[row["instrument"]] = required = [];
            if (required.Exists(known => known.Field == row["field"]))
                row.Fault($"{row["instrument"]} asks for {row["field"]} twice");
            required.Add(new(row.Text("field"), row["unless_only"], row.Text("source")));
        }
    }

    static bool IsFieldOfLetter(string text) => text.Split('.') switch
    {
        ["subjects"] => true,
        [var name] => Letter.Descriptor.FindFieldByName(name) is not null and not { FieldType: FieldType.Bool },
        [var name, var code] =>
            Letter.Descriptor.FindFieldByName(name) is { FieldType: FieldType.Enum, IsRepeated: true } field
            && field.EnumType.FindValueByName(code) is not null,
        _ => false,
    };

    void ReadLanguages()
    {
        foreach (var row in Table("partner-languages.csv", "alpha2", "languages", "source").Rows)
        {
            if (!States.ContainsKey(row["alpha2"]))
                row.Fault($"alpha2 '{row["alpha2"]}' is not in countries.csv");
            Add(Languages, row, "alpha2", row.Text("languages").Split(';'));
        }
    }

    string MemberOf(ReferenceRow row)
    {
        row.OneOf("kind", "member", "associate", "participant");
        return row.OneOf("bloc", Blocs.EU, Blocs.CIS);
    }

    string PartyTo(ReferenceRow row)
    {
        if (!Instruments.ContainsKey(row["instrument"]))
            row.Fault($"instrument '{row["instrument"]}' is not in instruments.csv");

        return row["instrument"];
    }

    List<Term> ReadTerms(string file, string[] columns, Func<ReferenceRow, string> belongs)
    {
        var terms = new List<Term>();
        foreach (var row in Table(file, columns).Rows)
        {
            var term = new Term(row["alpha2"], belongs(row), row.Day("valid_from"), row.Day("valid_to", DateOnly.MaxValue));
            if (!States.ContainsKey(term.Alpha2))
                row.Fault($"alpha2 '{term.Alpha2}' is not in countries.csv");
            if (term.To < term.From)
                row.Fault($"valid_to {row["valid_to"]} is before valid_from {row["valid_from"]}");
            if (terms.Any(t => t.Alpha2 == term.Alpha2 && Excludes(t, term) && t.Overlaps(term)))
                row.Fault($"{term.Alpha2} in {term.Belongs} overlaps an earlier row");
            terms.Add(term);
        }

        return terms;
    }

    // A state in two blocs on one day would make the bloc depend on the order of rows; parties to two instruments are normal.
    static bool Excludes(Term one, Term other) =>
        one.Belongs == other.Belongs || (IsBloc(one.Belongs) && IsBloc(other.Belongs));

    static bool IsBloc(string name) => name is Blocs.EU or Blocs.CIS;

    ReferenceTable Table(string file, params string[] columns) => new(file, columns, open, faults);

    static void Add<T>(Dictionary<string, T> to, ReferenceRow row, string key, T value)
    {
        if (!to.TryAdd(row[key], value))
            row.Fault($"{key} '{row[key]}' stands there twice");
    }
}
