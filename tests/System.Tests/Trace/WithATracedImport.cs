using Exchange.Testing;
using Npgsql;

namespace Exchange.System.Tests;

/// <summary>An exchange that was watched while three letters and their subjects went in, and then stopped.</summary>
public sealed class WithATracedImport : IAsyncLifetime
{
    public const int Letters = 3;

    const string ObservedUntil = "2008-12-31";

    static readonly string[] Persons = ["Канарейкин Кенар Птицевич", "Canarino Serinus", "Kanarienvogel Hansi"];

    static readonly string[] Identifiers = ["ZX9081726", "+375299081726", "9081 ZX-7", "ZXCANARY9081726ZX", "1931-10-29"];

    OtlpReceiver receiver = null!;

    /// <summary>What was in the register and must be nowhere else.</summary>
    public static IEnumerable<string> Secrets =>
    [
        .. Persons, .. Persons.SelectMany(person => person.Split(' ')), .. Identifiers,
        .. Enumerable.Range(0, Letters).SelectMany(i => new[] { Reference(i), Case(i) }),
    ];

    internal SpanTree Import { get; private set; } = null!;

    internal OtlpReceiver Receiver => receiver;

    public async ValueTask InitializeAsync()
    {
        receiver = await OtlpReceiver.Start();
        await using var exchange = await RunningExchange.Start(settings: new Dictionary<string, string?>(receiver.Variables)
        {
            // Only the events bring the letters: what the followers read belongs to no trace of a call.
            ["Follow__Interval"] = "01:00:00",
        });
        await exchange.Run("register", "import", Write(exchange.Home), "--observed-until", ObservedUntil, "--retry-for", "1s");
        await TakenIn(exchange.Databases["tracking"], "SELECT count(*) FROM facts");
        await TakenIn(exchange.Databases["correlation"], "SELECT count(*) FROM indexed");

        // What is left in their batches is sent as they end.
        await exchange.Correlation.Stop();
        await exchange.Tracking.Stop();
        await exchange.Requests.Stop();
        Import = SpanTree.Of("exchange-cli exchange register import", receiver.Spans);
    }

    public async ValueTask DisposeAsync() => await receiver.DisposeAsync();

    static string Reference(int letter) => $"BY-2007-98172{letter}";

    static string Case(int letter) => $"BY-CANARY-2007-4711{letter}";

    static string Write(string home)
    {
        var folder = Directory.CreateDirectory(Path.Combine(home, "register")).FullName;
        File.WriteAllLines(Path.Combine(folder, "requests.csv"),
        [
            string.Join(',', MadeUpRegister.Columns),
            .. Enumerable.Range(0, Letters).Select(i =>
                $"{Reference(i)},{Case(i)},UNTOC-2000,BY,PL,General Prosecutor's Office,trafficking_in_persons,hearing_of_witness,routine,"
                + $"2007-03-0{i + 1},,,,,,"),
        ]);
        File.WriteAllLines(Path.Combine(folder, "subjects.csv"),
        [
            "reference,role,name,birth_date,document_number,phone,vehicle_plate,vin",
            .. Persons.Select((person, i) => $"{Reference(i)},victim,{person},{Identifiers[4]},{string.Join(',', Identifiers[..4])}"),
        ]);
        return folder;
    }

    static Task TakenIn(string database, string sql) => Eventually.Holds(async () =>
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        (await command.ExecuteScalarAsync()).ShouldBe((long)Letters);
    });
}
