using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>The JSON mapping of protobuf, zeros included, so that a field that means something is always there.</summary>
static class Json
{
    static readonly JsonFormatter Formatter = new(
        JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation("  "));

    static readonly JsonFormatter OneLine = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public static void Write(TextWriter writer, IMessage message)
    {
        Formatter.Format(message, writer);
        writer.Write('\n');
    }

    /// <summary>Writes a message as JSON on one line.</summary>
    public static void WriteLine(TextWriter writer, IMessage message)
    {
        OneLine.Format(message, writer);
        writer.Write('\n');
    }

    /// <summary>Writes a JSON array with one row to a line, as the rows come.</summary>
    public static async Task WriteArray<T>(TextWriter writer, IAsyncEnumerable<T> rows) where T : IMessage
    {
        writer.Write('[');
        var separator = "\n";
        await foreach (var row in rows)
        {
            writer.Write(separator);
            OneLine.Format(row, writer);
            separator = ",\n";
        }
        writer.Write("\n]\n");
    }
}
