using System.CommandLine;
using Exchange.Client;
using Grpc.Core;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>
/// One command being carried out. Results go to <see cref="Out"/> or <see cref="Screen"/>, all else to <see cref="Notes"/>.
/// </summary>
sealed class Session(ParseResult parsed, GlobalOptions options, ProcessContext process, CancellationToken stop) : IDisposable
{
    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    readonly Lazy<ServiceClients> services = new(() => new ServiceClients(Settings.Read(parsed, options, process.Variable), process.Time));
    readonly Lazy<IAnsiConsole> screen = new(() => ProcessContext.ConsoleOf(process.Out, process.OutScreen));
    readonly Lazy<IAnsiConsole> notes = new(() => ProcessContext.ConsoleOf(process.Error, process.ErrorScreen));

    public CancellationToken Stop => stop;

    public TimeProvider Time => process.Time;

    public TextWriter Out => process.Out;

    public TextReader In => process.In;

    public IAnsiConsole Screen => screen.Value;

    public IAnsiConsole Notes => notes.Value;

    public Format Format => parsed.GetValue(options.Format).Value;

    public ServiceClients Services => services.Value;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>The error stream, for lines beside the result.</summary>
    public TextWriter NoteWriter => process.Error;

    /// <summary>Writes a line to the error stream, beside the result.</summary>
    public void Note(string line) => process.Error.WriteLine(line);

    /// <summary>Options for a call that answers by itself: its deadline is --timeout, or 30 seconds from now.</summary>
    public CallOptions CallOptions() => Until(parsed.GetValue(options.Timeout) ?? UsualTimeout);

    /// <summary>
    /// Options for a call that lasts as long as there is something to send or hear: it has a deadline only if --timeout sets one.
    /// </summary>
    public CallOptions LongCallOptions() =>
        parsed.GetValue(options.Timeout) is { } timeout ? Until(timeout) : new CallOptions(cancellationToken: stop);

    /// <summary>Sends a command, and sends it again when the connection broke before its answer came.</summary>
    /// <param name="command">Carries its own id, the same each time.</param>
    public Task<T> Repeat<T>(Func<Task<T>> command) => CommandRetry.Send(command,
        cut => Note($"The connection to {cut.Service} was cut; the same command is sent again."), Time, Stop);

    public void Dispose()
    {
        if (services.IsValueCreated)
            services.Value.Dispose();
    }

    CallOptions Until(TimeSpan timeout) => new(deadline: Time.GetUtcNow().UtcDateTime + timeout, cancellationToken: stop);
}
