using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Requests;

/// <summary>
/// What is wrong with a letter, all of it at once: for a draft what can never be right, before transmission also what the
/// instrument asks for and is missing.
/// </summary>
static partial class LetterRules
{
    const int Narrative = 20_000;
    const int Short = 500;
    const int MostMeasures = 50;
    const int MostCodes = 20;

    static readonly string[] Narratives =
        ["subject_matter", "facts_summary", "formalities_note", "purpose", "use_limits", "legal_remedies"];

    /// <summary>What is wrong even in a draft, complete or not.</summary>
    public static IReadOnlyList<LetterFault> FaultsOfDraft(Letter letter, string requestingState, ReferenceData reference)
    {
        List<LetterFault> faults = [];
        if (CaseNumber.Normalise(letter.CaseNumber).Length == 0 || letter.CaseNumber.Length > 64)
            Fault("case_number", "must have 1 to 64 characters.");
        if (!reference.States.ContainsKey(letter.RequestedState) || letter.RequestedState == requestingState)
            Fault("requested_state", "must be the ISO 3166-1 alpha-2 code of another state.");
        if (letter.Instrument.Length > 0 && !reference.Instruments.ContainsKey(letter.Instrument))
            Fault("instrument", $"must be one of {string.Join(", ", reference.Instruments.Keys.Order(StringComparer.Ordinal))}.");
        if (letter.Offence.Length > 0 && !Offence().IsMatch(letter.Offence))
            Fault("offence", "must be a lower-case code with underscores, such as trafficking_in_persons.");
        if (letter.AnswerBy.Length > 0 && LegalDay.ParseEntered(letter.AnswerBy) is null)
            Fault("answer_by", "must be a day, YYYY-MM-DD.");
        if (letter.Language.Length > 0 && !IsLanguage(letter.Language))
            Fault("language", "must be an ISO 639-1 code such as en.");
        foreach (var (i, language) in letter.Translations.Index())
            if (!IsLanguage(language))
                Fault($"translations[{i}]", "must be an ISO 639-1 code such as en.");
        foreach (var field in Letter.Descriptor.Fields.InDeclarationOrder()
            .Where(field => field is { FieldType: FieldType.String, IsRepeated: false }))
            if (((string)field.Accessor.GetValue(letter)).Length > (Narratives.Contains(field.Name) ? Narrative : Short))
                Fault(field.Name, $"must not be longer than {(Narratives.Contains(field.Name) ? Narrative : Short)} characters.");
        foreach (var (field, known) in new[]
                 {
                     ("urgency", Enum.IsDefined(letter.Urgency)), ("proceedings", Enum.IsDefined(letter.Proceedings)),
                     ("stage", Enum.IsDefined(letter.Stage)),
                     ("handling_code", Enum.IsDefined(letter.HandlingCode)),
                     ("formalities", letter.Formalities.All(code => code != Formality.Unspecified && Enum.IsDefined(code))),
                     ("undertakings", letter.Undertakings.All(code => code != Undertaking.Unspecified && Enum.IsDefined(code))),
                 })
            if (!known)
                Fault(field, "must be a code of the contract.");
        foreach (var (field, count) in new[] { ("translations", letter.Translations.Count), ("formalities", letter.Formalities.Count),
            ("undertakings", letter.Undertakings.Count) })
            if (count > MostCodes)
                Fault(field, $"must not be more than {MostCodes}.");
        if (letter.Measures.Count > MostMeasures)
            Fault("measures", $"must not be more than {MostMeasures}.");
        foreach (var (i, measure) in letter.Measures.Index())
            CheckMeasure(i, measure);
        return faults;

        void CheckMeasure(int i, MeasureRequested measure)
        {
            if (!reference.Measures.ContainsKey(measure.Measure))
                Fault($"measures[{i}].measure",
                    $"must be one of {string.Join(", ", reference.Measures.Keys.Order(StringComparer.Ordinal))}.");
            if (measure.Details.Length > Narrative)
                Fault($"measures[{i}].details", $"must not be longer than {Narrative} characters.");
            var (from, to) = (LegalDay.ParseEntered(measure.PeriodFrom), LegalDay.ParseEntered(measure.PeriodTo));
            if (measure.PeriodFrom.Length > 0 && from is null)
                Fault($"measures[{i}].period_from", "must be a day, YYYY-MM-DD.");
            if (measure.PeriodTo.Length > 0 && (to is null || to < from))
                Fault($"measures[{i}].period_to", "must be a day, YYYY-MM-DD, not before period_from.");
        }

        void Fault(string field, string description) =>
            faults.Add(new() { Field = field, Description = description, Source = "the contract" });
    }

    /// <summary>What is wrong with a letter that an officer writes.</summary>
    /// <param name="prefix">Path of the letter, with its dot.</param>
    public static List<Violation> FaultsOfAuthor(Letter letter, string prefix, Caller author, ReferenceData reference) =>
        [.. FaultsOfDraft(letter, author.State!, reference).Select(fault => new Violation(prefix + fault.Field, fault.Description))];

    /// <summary>An ISO 639-1 code, in form.</summary>
    public static bool IsLanguage(string code) => Language().IsMatch(code);

    /// <summary>Everything that stands between the letter and its transmission.</summary>
    /// <param name="subjects">All that were ever named; withdrawn ones no longer count.</param>
    public static IReadOnlyList<LetterFault> FaultsBeforeTransmission(
        Letter letter, string requestingState, IReadOnlyList<SealedSubject> subjects, DateOnly today, ReferenceData reference)
    {
        List<LetterFault> faults = [.. FaultsOfDraft(letter, requestingState, reference)];
        if (letter.Instrument.Length == 0)
            Add("instrument", "must name the legal basis; it decides what else the letter must say.", "own rule");
        else if (reference.Instruments.ContainsKey(letter.Instrument) && reference.States.ContainsKey(letter.RequestedState)
            && !reference.IsAvailable(letter.Instrument, requestingState, letter.RequestedState, today))
            Add("instrument", $"does not bind {requestingState} and {letter.RequestedState} towards each other; choose another.",
                letter.Instrument);
        foreach (var required in reference.LetterRequirements.GetValueOrDefault(letter.Instrument) ?? [])
            if (IsAskedFor(required, letter) && !IsFilledIn(letter, required.Field, subjects))
                Add(required.Field.Split('.')[0], Missing(required.Field), required.Source);

        foreach (var (i, measure) in letter.Measures.Index())
            if (string.IsNullOrWhiteSpace(measure.Details))
                Add($"measures[{i}].details", "must say what exactly is asked for.", "UNTOC 18(15)(d)");
        if (letter.Urgency == Urgency.Urgent && string.IsNullOrWhiteSpace(letter.UrgencyReason))
            Add("urgency_reason", "must say why it is urgent.", "EIO Annex A, B");
        if (LegalDay.ParseEntered(letter.AnswerBy) is { } day && day <= today)
            Add("answer_by", "must lie after today.", "UNTOC 18(24)");
        if (letter.AnswerBy.Length > 0 && string.IsNullOrWhiteSpace(letter.AnswerByReason))
            Add("answer_by_reason", "must say why an answer is needed by that day.", "UNTOC 18(24)");
        if (letter.Confidential && string.IsNullOrWhiteSpace(letter.ConfidentialReason))
            Add("confidential_reason", "must say why the request is to be kept confidential.", "UNTOC 18(20)");
        if (letter.HandlingCode == HandlingCode.H3 && string.IsNullOrWhiteSpace(letter.UseLimits))
            Add("use_limits", "must name the restrictions that H3 stands for.", "Europol handling codes");
        if (letter.Language.Length > 0 && reference.AcceptedLanguages.GetValueOrDefault(letter.RequestedState) is { } accepted
            && !accepted.Intersect(letter.Translations.Append(letter.Language)).Any())
            Add("translations", $"must name one of {string.Join(", ", accepted)}: {letter.RequestedState} accepts no other language.",
                "declaration under UNTOC 18(14)");
        if (letter.NoKnownSubjects && subjects.Any(subject => subject.WithdrawnIn == 0))
            Add("no_known_subjects", "must not be set: the request names subjects.", "UNTOC 18(15)(e)");
        CheckPlaceholders();
        return faults;

        void CheckPlaceholders()
        {
            foreach (var (field, text) in Texts(letter))
                foreach (var placeholder in Placeholder().Matches(text).Select(match => match.Value).Distinct())
                    if (!int.TryParse(Number().Match(placeholder).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                        || placeholder != $"{{subject {n}}}" || n < 1 || n > subjects.Count || subjects[n - 1].WithdrawnIn > 0)
                        Add(field, $"names {placeholder}, and the request has no such subject; it is written {{subject 1}}.", "own rule");
        }

        void Add(string field, string description, string source) =>
            faults.Add(new() { Field = field, Description = description, Source = source });
    }

    static bool IsAskedFor(LetterRequirement required, Letter letter) =>
        required.UnlessOnly.Length == 0 || letter.Measures.Count == 0
            || letter.Measures.Any(measure => measure.Measure != required.UnlessOnly);

    static bool IsFilledIn(Letter letter, string field, IReadOnlyList<SealedSubject> subjects)
    {
        if (field == "subjects")
            return letter.NoKnownSubjects || subjects.Any(subject => subject.WithdrawnIn == 0);
        var value = Letter.Descriptor.FindFieldByName(field.Split('.')[0]).Accessor.GetValue(letter);
        return value switch
        {
            string text => !string.IsNullOrWhiteSpace(text),
            IList list when field.Contains('.', StringComparison.Ordinal) => list.Cast<object>().Any(item =>
                string.Equals(item.ToString(), field.Split('.')[1], StringComparison.OrdinalIgnoreCase)),
            IList list => list.Count > 0,
            Enum code => Convert.ToInt32(code, CultureInfo.InvariantCulture) != 0,
            _ => throw new InvalidOperationException($"letter-requirements asks for {field}, which nothing can be found out about."),
        };
    }

    static string Missing(string field) => field switch
    {
        "subjects" => "must name at least one subject, or say that none is known (no_known_subjects).",
        _ when field.Split('.') is [_, var code] => $"must hold {code}.",
        _ => "is missing.",
    };

    static IEnumerable<(string Field, string Text)> Texts(Letter letter) =>
        letter.Measures.Index().Select(item => ($"measures[{item.Index}].details", item.Item.Details))
            .Concat(Narratives.Select(name => (name, (string)Letter.Descriptor.FindFieldByName(name).Accessor.GetValue(letter))));

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Offence();

    [GeneratedRegex(@"\A[a-z]{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Language();

    [GeneratedRegex(@"\{\s*subject[^}]{0,20}\}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
