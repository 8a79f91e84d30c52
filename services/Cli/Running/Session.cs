using System.CommandLine;
using Exchange.Client;
using Grpc.Core;
using Spectre.Console;

namespace Exchange.Cli;

/// <summary>One command being carried out. Results go to <see cref="Out"/> or <see cref="Screen"/>, all else to <see cref="Notes"/>.</summary>
sealed class Session(ParseResult parsed, GlobalOptions options, Surroundings here, CancellationToken stop) : IDisposable
{
    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    readonly Lazy<Services> services = new(() => new Services(Settings.Read(parsed, options, here.Variable), here.Time));
    readonly Lazy<IAnsiConsole> screen = new(() => Surroundings.ConsoleOf(here.Out, here.OutScreen));
    readonly Lazy<IAnsiConsole> notes = new(() => Surroundings.ConsoleOf(here.Error, here.ErrorScreen));

    public CancellationToken Stop => stop;

    public TimeProvider Time => here.Time;

    public TextWriter Out => here.Out;

    public TextReader In => here.In;

    public IAnsiConsole Screen => screen.Value;

    public IAnsiConsole Notes => notes.Value;

    public Format Format => parsed.GetValue(options.Format).Value;

    public Services Services => services.Value;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>Where lines beside the result go.</summary>
    public TextWriter NoteWriter => here.Error;

    /// <summary>One line beside the result.</summary>
    public void Note(string line) => here.Error.WriteLine(line);

    /// <summary>For a call that ends by itself.</summary>
    public CallOptions CallOptions() => Until(parsed.GetValue(options.Timeout) ?? UsualTimeout);

    /// <summary>For a call that takes as long as there is something to send.</summary>
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
