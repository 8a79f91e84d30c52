namespace Exchange.Reference.Tests;

public sealed class FaultyReferenceData
{
    [Theory]
    [InlineData("countries.csv", "PL,POL,616,Poland", "pl,POL,616,Poland", "countries.csv row 39: alpha2 'pl' is not 2 upper-case letters")]
    [InlineData("countries.csv", "PL,POL,616,Poland", "BY,POL,616,Poland", "countries.csv row 39: alpha2 'BY' stands there twice")]
    [InlineData("countries.csv", "PL,POL,616,Poland", "PL,POL,61,Poland", "countries.csv row 39: numeric '61' is not three digits")]
    [InlineData("countries.csv", "PL,POL,616,Poland", "PL,POL,616,", "countries.csv row 39: name is empty or has blanks around it")]
    [InlineData("countries.csv", "PL,POL,616,Poland", "PL,POL,616", "countries.csv row 39: has 3 fields instead of 4")]
    [InlineData("countries.csv", "PL,POL,616,Poland", "PL,POL,616,\"Pol\"and", "countries.csv row 39: its quotes do not pair")]
    [InlineData("countries.csv", "alpha2,alpha3", "alpha3,alpha2", "countries.csv row 1: the columns must be alpha2,alpha3,numeric,name")]
    [InlineData("zones.csv", "PL,Europe/Warsaw", "PL,Europe/Warschau",
        "zones.csv row 39: zone 'Europe/Warschau' is not known on this machine (is tzdata installed?)")]
    [InlineData("zones.csv", "PL,Europe/Warsaw", "ZZ,Europe/Warsaw", "countries.csv row 39: PL has no zone in zones.csv")]
    [InlineData("zones.csv", "PL,Europe/Warsaw", "ZZ,Europe/Warsaw", "zones.csv row 39: ZZ is not in countries.csv")]
    [InlineData(
        "instruments.csv", "16\",7,30,90,yes", "16\",0,30,90,yes",
        "instruments.csv row 9: acknowledge_days '0' is not a positive number of days")]
    [InlineData("instruments.csv", "16\",7,30,90,yes", "16\",7,30,90,perhaps",
        "instruments.csv row 9: binding_on_answer 'perhaps' is not one of yes, no, unknown")]
    [InlineData(
        "measures.csv", "interception,yes", "interception,unknown",
        "measures.csv row 17: coercive_by_default 'unknown' is not one of yes, no")]
    [InlineData("refusal-grounds.csv", "form_defect,no", "form_defect,", "refusal-grounds.csv row 20: is_refusal '' is not one of yes, no")]
    [InlineData("memberships.csv", "GE,CIS,1993-12-03,2009-08-17", "GE,CIS,1993-12-03,1993-12-02",
        "memberships.csv row 5: valid_to 1993-12-02 is before valid_from 1993-12-03")]
    [InlineData(
        "memberships.csv", "GE,CIS,1993-12-03", "GE,CIS,3 December 1993",
        "memberships.csv row 5: valid_from '3 December 1993' is not a day")]
    [InlineData("memberships.csv", "GE,CIS", "GE,EAEU", "memberships.csv row 5: bloc 'EAEU' is not one of EU, CIS")]
    [InlineData("memberships.csv", "GE,CIS", "XX,CIS", "memberships.csv row 5: alpha2 'XX' is not in countries.csv")]
    [InlineData("memberships.csv", "TM,CIS,2005-08-26", "TM,CIS,2005-08-25", "memberships.csv row 12: TM in CIS overlaps an earlier row")]
    [InlineData(
        "memberships.csv", "PL,EU,2004-05-01,,member", "RU,EU,2004-05-01,,member",
        "memberships.csv row 37: RU in EU overlaps an earlier row")]
    [InlineData(
        "instrument-parties.csv", "EIO-2014,PL", "EIO-2041,PL",
        "instrument-parties.csv row 22: instrument 'EIO-2041' is not in instruments.csv")]
    [InlineData("refusal-grounds.csv", "form_defect,no,return", "form_defect,no,returns",
        "refusal-grounds.csv row 20: serves 'returns' is not of refusal, postponement, return, not_executable with semicolons between")]
    [InlineData("refusal-grounds.csv", "fiscal_offence,yes,refusal,UNTOC-2000", "fiscal_offence,yes,refusal,UNTOC",
        "refusal-grounds.csv row 4: barred_under 'UNTOC' is not in instruments.csv")]
    [InlineData("letter-requirements.csv", "UNTOC-2000,purpose", "UNTOC-2000,porpoise",
        "letter-requirements.csv row 13: field 'porpoise' is neither a field of Letter, with or without a code of its list, nor subjects")]
    [InlineData(
        "letter-requirements.csv", "UNTOC-2000,purpose", "UNTOC-2000,facts_summary",
        "letter-requirements.csv row 13: UNTOC-2000 asks for facts_summary twice")]
    [InlineData("letter-requirements.csv", "UNTOC-2000,facts_summary,service_of_documents", "UNTOC-2000,facts_summary,service",
        "letter-requirements.csv row 8: unless_only 'service' is not in measures.csv")]
    [InlineData("partner-languages.csv", "LV,en;lv", "XX,en;lv", "partner-languages.csv row 2: alpha2 'XX' is not in countries.csv")]
    public void Is_refused_with_file_row_and_reason(string file, string from, string to, string fault) =>
        Load((file, from, to)).ShouldContain(fault); // A row left out has consequences of its own.

    [Fact]
    public void Is_refused_once_with_every_fault_of_every_table()
    {
        var faults = Load(
            ("countries.csv", "PL,POL", "PL,Pol"),
            ("measures.csv", "interception,yes", "interception,YES"),
            ("memberships.csv", "GE,CIS", "GE,CSI"),
            ("memberships.csv", "GB,EU,1973-01-01,2020-01-31", "GB,EU,1973-01-01,2020-02-30"));

        faults.ShouldBe([
            "countries.csv row 39: alpha3 'Pol' is not 3 upper-case letters",
            "measures.csv row 17: coercive_by_default 'YES' is not one of yes, no",
            "memberships.csv row 5: bloc 'CSI' is not one of EU, CIS",
            "memberships.csv row 26: valid_to '2020-02-30' is not a day"]);
    }

    [Fact]
    public void Is_refused_when_a_table_is_missing_or_empty() =>
        Should.Throw<ReferenceDataException>(() => ReferenceData.Load(file => file == "measures.csv"
            ? throw new FileNotFoundException("Not there.")
            : new StringReader(file == "refusal-grounds.csv" ? "code,is_refusal,serves,barred_under,source\n" : BuiltIn(file))))
            .Faults.ShouldBe(["measures.csv: Not there.", "refusal-grounds.csv: holds no rows"]);

    static IReadOnlyList<string> Load(params (string File, string From, string To)[] changes) =>
        Should.Throw<ReferenceDataException>(() => ReferenceData.Load(file => new StringReader(changes
            .Where(c => c.File == file)
            .Aggregate(BuiltIn(file), (text, change) =>
            {
                text.ShouldContain(change.From);
                return text.Replace(change.From, change.To);
            })))).Faults;

    static string BuiltIn(string file)
    {
        using var reader = new StreamReader(typeof(ReferenceData).Assembly.GetManifestResourceStream("Tables/" + file)!);
        return reader.ReadToEnd();
    }
}
