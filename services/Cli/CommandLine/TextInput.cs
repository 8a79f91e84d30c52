namespace Exchange.Cli;

/// <summary>Long texts on the command line: `@FILE` is what the file says, `-` what comes on standard input.</summary>
static class TextInput
{
    public const string Hint = "@FILE reads a file, - standard input";

    public static string Read(Session session, string? given) => given switch
    {
        null => "",
        "-" => session.In.ReadToEnd().Trim(),
        ['@', .. var file] => OfFile(file).Trim(),
        _ => given,
    };

    /// <summary>A file, or standard input for `-`.</summary>
    public static string ReadFile(Session session, string file) => file == "-" ? session.In.ReadToEnd() : OfFile(file);

    static string OfFile(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"{file} cannot be read.", "Does it exist, and may you read it?");
        }
    }
}
