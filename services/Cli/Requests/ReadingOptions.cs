using System.CommandLine;
using System.CommandLine.Parsing;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Purpose and case, with which identities and documents are read.</summary>
sealed class ReadingOptions
{
    /// <summary>Why it is read.</summary>
    public Option<Choice<Purpose>> Purpose { get; } = TypedOptions.ChoiceWithoutDefault<Purpose>("--purpose", "Why it is read",
        ("investigation", Requests.V1.Purpose.Investigation), ("recognition", Requests.V1.Purpose.Recognition),
        ("execution", Requests.V1.Purpose.Execution), ("supervision", Requests.V1.Purpose.Supervision));

    /// <summary>The case it serves; may be left out where the request itself is the case.</summary>
    public Option<string?> Case { get; } = new("--case")
    {
        Description = "Your case that it serves, as a colleague or the prosecutor opened it; none for recognition and execution",
        HelpName = "CASE",
    };

    /// <summary>Whether purpose and case are given, as far as they are needed.</summary>
    public bool AreGiven(CommandResult result) => result.GetResult(Purpose) is not null
        && (result.GetValue(Purpose).Value is Requests.V1.Purpose.Recognition or Requests.V1.Purpose.Execution
            || !string.IsNullOrWhiteSpace(result.GetValue(Case)));
}
