using System.Globalization;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What is wrong with subjects to be added or withdrawn, all of it at once; never repeats what was said of a person.</summary>
sealed class SubjectFaults
{
    const int MostSubjects = 200;
    const int MostNames = 10;
    const int MostIdentifiers = 20;
    const int NameLength = 200;
    const int TextLength = 500;

    readonly List<Violation> faults = [];

    public static IReadOnlyList<Violation> Of(NameSubjects act, SubjectsNamed standing, string request, ReferenceData reference,
        DateOnly today)
    {
        var reading = new SubjectFaults();
        if (act.Add.Count == 0 && act.Withdraw.Count == 0)
            reading.Fault("", "must add or withdraw somebody.");
        if (act.Add.Count > 0 && standing.Subjects.Count + act.Add.Count > MostSubjects)
            reading.Fault(".add", $"must leave the request with at most {MostSubjects} subjects, withdrawn ones included.");
        foreach (var (i, added) in act.Add.Index())
            reading.CheckAdded($".add[{i}]", added, reference, today);
        foreach (var (i, name) in act.Withdraw.Index())
            if (act.Withdraw.Take(i).Contains(name)
                || !standing.Subjects.Any(subject => subject.WithdrawnIn == 0 && name == $"{request}/subjects/{subject.SubjectId}"))
                reading.Fault($".withdraw[{i}]", "must be a subject of this request that stands, requests/{uuid}/subjects/{uuid}, once.");
        return reading.faults;
    }

    void CheckAdded(string field, NewSubject added, ReferenceData reference, DateOnly today)
    {
        var identity = added.Identity ?? new();
        if (added.Kind == SubjectKind.Unspecified || !Enum.IsDefined(added.Kind))
            Fault($"{field}.kind", "must be PERSON, ORGANISATION or ITEM.");
        if (added.Role == SubjectRole.Unspecified || !Enum.IsDefined(added.Role))
            Fault($"{field}.role", "must be SUSPECT, VICTIM, WITNESS or CONTACT.");
        if (identity.Names.Count == 0 && identity.Identifiers.Count == 0
            && (added.Kind != SubjectKind.Item || identity.Description.Length == 0))
            Fault($"{field}.identity", "must hold a name or an identifier; an item may have a description instead.");
        if (identity.Names.Count > MostNames)
            Fault($"{field}.identity.names", $"must not be more than {MostNames}.");
        foreach (var (i, name) in identity.Names.Index())
            if (string.IsNullOrWhiteSpace(name) || name.Length > NameLength)
                Fault($"{field}.identity.names[{i}]", $"must have 1 to {NameLength} characters.");
        if (identity.Identifiers.Count > MostIdentifiers)
            Fault($"{field}.identity.identifiers", $"must not be more than {MostIdentifiers}.");
        foreach (var (i, identifier) in identity.Identifiers.Index())
        {
            if (identifier.Kind == IdentifierKind.Unspecified || !Enum.IsDefined(identifier.Kind))
                Fault($"{field}.identity.identifiers[{i}].kind", "must be DOCUMENT, PHONE, PLATE, VIN, IBAN or EMAIL.");
            if (string.IsNullOrWhiteSpace(identifier.Value) || identifier.Value.Length > 100)
                Fault($"{field}.identity.identifiers[{i}].value", "must have 1 to 100 characters.");
        }
        if (identity.BirthDate.Length > 0 && !IsPast(identity.BirthDate, today))
            Fault($"{field}.identity.birth_date", "must be a day, YYYY-MM-DD, or a year, and not lie in the future.");
        foreach (var (i, state) in identity.Nationalities.Index())
            if (!reference.States.ContainsKey(state))
                Fault($"{field}.identity.nationalities[{i}]", "must be the ISO 3166-1 alpha-2 code of a state known here.");
        if (identity.Location.Length > TextLength)
            Fault($"{field}.identity.location", $"must not be longer than {TextLength} characters.");
        if (identity.Description.Length > TextLength)
            Fault($"{field}.identity.description", $"must not be longer than {TextLength} characters.");
    }

    // Born before 1900 is not unheard of in a file, unlike the days of a letter.
    static bool IsPast(string text, DateOnly today) => text.Length == 4
        ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year >= 1800 && year <= today.Year
        : LegalDay.ParseEntered(text, earliestYear: 1800) is { } day && day <= today;

    void Fault(string field, string description) => faults.Add(new("act.name_subjects" + field, description));
}
