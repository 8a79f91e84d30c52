namespace Exchange.Cli;

/// <summary>Coded values as words.</summary>
static class Words
{
    /// <summary>`PartiallyExecuted` as `partially_executed`; what is unspecified as nothing.</summary>
    public static string Of<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        if (name.EndsWith("Unspecified", StringComparison.Ordinal))
            return "";
        return string.Concat(name.Select((letter, at) => char.IsUpper(letter) && at > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
    }

    public static string Spoken<T>(T value) where T : struct, Enum => Of(value).Replace('_', ' ');

    public static string Count(long number, string one, string many) => $"{Rows.Thousands(number)} {(number == 1 ? one : many)}";
}
