using System.Globalization;

namespace Exchange.Cli;

/// <summary>Fields of the contract by the names that the user gave them on the command line.</summary>
static class FieldNames
{
    static readonly Dictionary<string, string> Options = new()
    {
        ["header.observed_until"] = "--observed-until",
        ["as_of"] = "--as-of",
        ["known_by"] = "--known-by",
        ["grouping"] = "--by",
        ["direction"] = "--direction",
        ["limit_kind"] = "--limit",
        ["period_from"] = "--period-from",
        ["period_to"] = "--period-to",
        ["filter.partners"] = "--partner",
        ["filter.blocs"] = "--bloc",
        ["filter.instruments"] = "--instrument",
        ["filter.measures"] = "--measure",
        ["filter.offences"] = "--offence",
        ["filter.urgencies"] = "--urgency",
        ["filter.transmitted_from"] = "--from",
        ["filter.transmitted_to"] = "--to",
        ["filter.recorded_by"] = "--recorded-by",
        ["requested_states"] = "--requested-state",
        ["requesting_states"] = "--requesting-state",
        ["transmitted_from"] = "--from",
        ["transmitted_to"] = "--to",
        ["case_number"] = "--case",
        ["purpose"] = "--purpose",
        ["justification"] = "--because",
        ["case.number"] = "the number",
        ["case.lead"] = "--lead",
        ["case.participants"] = "--participant",
        ["case.officers"] = "--officer",
        ["kind"] = "--kind",
        ["handling_code"] = "--handling",
        ["language"] = "--language",
        ["translation_of"] = "--translation-of",
        ["letter"] = "--letter",
        ["requests"] = "--request",
        ["partners"] = "--partner",
    };

    // Of an act, by the field's own name: all steps call the same thing the same.
    static readonly Dictionary<string, string> OfActs = new()
    {
        ["occurred_on"] = "--on",
        ["document_reference"] = "--document-reference",
        ["note"] = "--note",
        ["reason"] = "--because",
        ["question"] = "--text",
        ["reply"] = "--text",
        ["report"] = "--text",
        ["text"] = "--text",
        ["ground"] = "--ground",
        ["expected_on"] = "--expected-on",
        ["posted_on"] = "--posted-on",
        ["channel"] = "the channel",
        ["reference"] = "--reference",
        ["authority"] = "--to",
        ["unit"] = "--to",
        ["officer"] = "--to",
        ["outcome"] = "--outcome",
        ["measures"] = "--measure",
        ["final"] = "--final",
        ["evidence"] = "--evidence",
        ["documents"] = "--document",
        ["version"] = "--version",
        ["step"] = "--step",
        ["strike"] = "--strike",
    };

    /// <summary>`filter.partners[1]` as `--partner, value 2`; what no option stands for as it is.</summary>
    public static string OnTheCommandLine(string field)
    {
        if (field.StartsWith("act.", StringComparison.Ordinal))
            return OfAct(field["act.".Length..]);
        if (Options.TryGetValue(field, out var option))
            return option;
        return field.Split('[', ']') is [var list, var index, ""] && Options.TryGetValue(list, out option)
            ? $"{option}, value {int.Parse(index, CultureInfo.InvariantCulture) + 1}"
            : field;
    }

    // `answer.measures[0].ground` is the first --measure, `name_subjects.add[0].identity.names` the name of the first subject.
    static string OfAct(string field)
    {
        var path = field.Split('.');
        var parts = path[Math.Min(1, path.Length - 1)].Split('[', ']');
        if (parts is ["add", var number, ""])
            return $"subject {int.Parse(number, CultureInfo.InvariantCulture) + 1}, {path[^1]}";
        if (!OfActs.TryGetValue(parts[0], out var option))
            return field;
        return parts.Length > 1 ? $"{option}, value {int.Parse(parts[1], CultureInfo.InvariantCulture) + 1}" : option;
    }
}
