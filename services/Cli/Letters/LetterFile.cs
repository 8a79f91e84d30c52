using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>
/// A letter in a file: the JSON mapping of protobuf under the names of the contract, which are also those that faults are
/// reported by.
/// </summary>
static class LetterFile
{
    static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation("  ").WithPreserveProtoFieldNames(true));

    /// <summary>A letter to fill in: every field is there, and coded ones hold what they usually do.</summary>
    public static Letter Template(string instrument) => new()
    {
        Instrument = instrument,
        Urgency = Urgency.Routine,
        Proceedings = Proceedings.Criminal,
        Stage = ProceedingsStage.InvestigationStage,
        Measures = { new MeasureRequested() },
    };

    public static void Write(TextWriter writer, Letter letter)
    {
        Formatter.Format(letter, writer);
        writer.Write('\n');
    }

    public static Letter Read(Session session, string file)
    {
        try
        {
            return JsonParser.Default.Parse<Letter>(TextInput.ReadFile(session, file));
        }
        catch (Exception problem) when (problem is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.Usage, $"{file} is not a letter: {problem.Message}",
                "It is JSON as exchange request template writes it; request template --explain says what goes where.");
        }
    }
}
