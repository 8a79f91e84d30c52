using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Exchange.Reference;

namespace Exchange.Cli;

/// <summary>How days, instants, spans, codes and choices are written on the command line.</summary>
static class TypedOptions
{
    public static Option<DateOnly?> Day(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DAY",
        CustomParser = result => ParseDay(result),
    };

    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "INSTANT",
        CustomParser = result => Parse<DateTimeOffset>(result, TryInstant, "an instant like 2009-01-15T12:00:00Z"),
    };

    public static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Parse<TimeSpan>(result, TrySpan, "a time like 30s, 2m or 1h"),
    };

    /// <summary>An option that takes codes, repeated or with commas between them.</summary>
    public static Option<string[]> Codes(string name, string description, string helpName) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. Split(result)],
        DefaultValueFactory = _ => [],
    };

    /// <summary>An option that takes one of a few words; the first is the default.</summary>
    public static Option<Choice<T>> Choice<T>(string name, string description, params (string Text, T Value)[] choices)
    {
        var option = ChoiceWithoutDefault(name, description, choices);
        option.DefaultValueFactory = _ => new(choices[0].Text, choices[0].Value);
        return option;
    }

    public static Option<Choice<T>> ChoiceWithoutDefault<T>(string name, string description, params (string Text, T Value)[] choices)
    {
        var option = new Option<Choice<T>>(name)
        {
            Description = Described(description, choices),
            HelpName = "WORD",
            CustomParser = result => Chosen(result, result.Tokens.Single().Value, choices),
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Text)]);
        return option;
    }

    /// <summary>An option that takes any of a few words, repeated or with commas between them.</summary>
    public static Option<T[]> Choices<T>(string name, string description, params (string Text, T Value)[] choices)
    {
        var option = new Option<T[]>(name)
        {
            Description = Described(description, choices),
            HelpName = "WORD",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => [.. Split(result).Select(word => Chosen(result, word, choices).Value)],
            DefaultValueFactory = _ => [],
        };
        option.CompletionSources.Add([.. choices.Select(choice => choice.Text)]);
        return option;
    }

    public static bool TrySpan(string text, out TimeSpan span)
    {
        span = default;
        var digits = text.TrimEnd('m', 's', 'h');
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e6)
            return false;
        double? seconds = text[digits.Length..] switch { "ms" => 0.001, "" or "s" => 1, "m" => 60, "h" => 3600, _ => null };
        span = TimeSpan.FromSeconds(number * (seconds ?? 0));
        return span > TimeSpan.Zero;
    }

    static bool TryInstant(string text, out DateTimeOffset instant) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    static DateOnly? ParseDay(ArgumentResult result) => Parse<DateOnly>(result, LegalDay.TryParse, "a day like 2008-12-31");

    delegate bool TryParse<T>(string text, out T value);

    static T? Parse<T>(ArgumentResult result, TryParse<T> tryParse, string expected) where T : struct
    {
        var text = result.Tokens.Single().Value;
        if (tryParse(text, out var value))
            return value;
        result.AddError($"'{text}' is not {expected}.");
        return null;
    }

    static IEnumerable<string> Split(ArgumentResult result) => result.Tokens.SelectMany(token =>
        token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    static string Described<T>(string description, (string Text, T Value)[] choices) =>
        $"{description} ({string.Join(", ", choices.Select(choice => choice.Text))})";

    static Choice<T> Chosen<T>(ArgumentResult result, string text, (string Text, T Value)[] choices)
    {
        foreach (var choice in choices)
            if (string.Equals(choice.Text.Replace('_', '-'), text.Replace('_', '-'), StringComparison.OrdinalIgnoreCase))
                return new(choice.Text, choice.Value);
        result.AddError($"'{text}' is not one of {string.Join(", ", choices.Select(choice => choice.Text))}.");
        return default;
    }
}

/// <summary>A value and the word for it on the command line, which help shows as well.</summary>
readonly record struct Choice<T>(string Text, T Value)
{
    public override string ToString() => Text;
}
