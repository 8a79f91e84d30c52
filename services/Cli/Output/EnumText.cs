namespace Exchange.Cli;

/// <summary>Values of the contracts' enumerations as words.</summary>
static class EnumText
{
    /// <summary>As programs read it: `PartiallyExecuted` as `partially_executed`; empty for a value that is unspecified.</summary>
    public static string Code<T>(T value) where T : struct, Enum
    {
        var name = value.ToString();
        return name.EndsWith("Unspecified", StringComparison.Ordinal) ? "" : string.Concat(name.Select(SnakeCase));
    }

    /// <summary>As people read it: `PartiallyExecuted` as `partially executed`; empty for a value that is unspecified.</summary>
    public static string Plain<T>(T value) where T : struct, Enum => Code(value).Replace('_', ' ');

    static string SnakeCase(char letter, int at) =>
        char.IsUpper(letter) && at > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}";
}
