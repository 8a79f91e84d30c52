using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>Options that say what a document is.</summary>
static class DocumentCommandOptions
{
    public static Option<Choice<HandlingCode>> Handling() => TypedOptions.ChoiceWithoutDefault<HandlingCode>(
        "--handling", "What the receiver may do with it",
        ("H0", HandlingCode.H0), ("H1", HandlingCode.H1), ("H2", HandlingCode.H2), ("H3", HandlingCode.H3));

    public static Option<string?> Language() => new("--language")
    {
        Description = "Its language, such as pl; a letter and a translation need it", HelpName = "XX",
    };

    public static Option<Choice<DocumentKind>> Kind()
    {
        var option = TypedOptions.ChoiceWithoutDefault<DocumentKind>("--kind", "What it is",
            ("letter", DocumentKind.LetterDocument), ("translation", DocumentKind.Translation), ("evidence", DocumentKind.Evidence),
            ("receipt", DocumentKind.Receipt), ("attachment", DocumentKind.Attachment));
        option.Required = true;
        return option;
    }
}
