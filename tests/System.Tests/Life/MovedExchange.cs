using System.Globalization;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>An exchange of BY whose days pass as a test says; PL is reached on the exchange and LT by post.</summary>
sealed class MovedExchange : IAsyncDisposable
{
    readonly string clockFile;
    readonly Dictionary<string, Officer> officers = [];

    MovedExchange(RunningExchange exchange, string clockFile) => (Exchange, this.clockFile) = (exchange, clockFile);

    public const int PolicyDays = 20;

    public RunningExchange Exchange { get; }

    /// <summary>The day it is in Minsk, Warsaw and Vilnius alike, for it is always before noon.</summary>
    public DateOnly Today { get; private set; }

    public static async Task<MovedExchange> Start()
    {
        var clockFile = Path.GetTempFileName();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(1);
        Write(clockFile, today);
        return new(await RunningExchange.Start("BY", ["PL", "LT"], new Dictionary<string, string?>
        {
            ["Testing__Clock"] = "@" + clockFile,
            ["DOTNET_ENVIRONMENT"] = "Testing",
            ["Requests__PolicyDays"] = PolicyDays.ToString(CultureInfo.InvariantCulture),
        }), clockFile)
        { Today = today };
    }

    public void Pass(int days)
    {
        Today = Today.AddDays(days);
        Write(clockFile, Today);
    }

    public Officer As(string persona) =>
        officers.TryGetValue(persona, out var officer) ? officer : officers[persona] = Exchange.Officer(persona);

    /// <summary>A letter that the partner has today.</summary>
    public async Task<MlaRequest> Send(string partner, string caseNumber = "BY-GPK-2026-00001")
    {
        var letter = Letters.Complete("UNTOC-2000", partner);
        letter.CaseNumber = caseNumber;
        var draft = await As("investigator").Draft(letter);
        await As("investigator").Take(draft.Name, act => act.Submit = new());
        await As("prosecutor").Approve(draft.Name);
        return await As("prosecutor").Transmit(draft.Name, partner == "PL" ? Channel.OnExchange : Channel.OffExchange);
    }

    /// <summary>
    /// A step of the partner: its own on the exchange, else recorded here as of a day. False when the table does not permit it.
    /// </summary>
    public Task<bool> Partner(MlaRequest request, Action<Act> step, DateOnly on) => request.Facts.RequestedState == "PL"
        ? Try("liaison-pl", request.Name, step)
        : Try("prosecutor", request.Name, act =>
        {
            step(act);
            (act.OccurredOn, act.DocumentReference) = (Iso(on), "letter 12/26");
        });

    public async Task<bool> Try(string persona, string request, Action<Act> step)
    {
        try
        {
            await As(persona).Take(request, step);
            return true;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            return false;
        }
    }

    /// <summary>A correction of the last entry of a step by two officers of the side that wrote it.</summary>
    public async Task Correct(MlaRequest request, StepCode wrong, Action<ProposeCorrection> how)
    {
        var (one, other) = request.Facts.RequestedState == "PL" && wrong != StepCode.Transmit
            ? ("liaison-pl", "liaison-pl-2") : ("prosecutor", "prosecutor-2");
        var history = await As(one).Requests.GetHistoryAsync(new() { Name = request.Name });
        var proposal =
            new ProposeCorrection { Version = history.Entries.Last(entry => entry.Step == wrong).Version, Reason = "wrong entry" };
        how(proposal);
        var proposed = await As(one).Take(request.Name, act => act.ProposeCorrection = proposal);
        await As(other).Take(request.Name, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.ProposedCorrection, StatementHash = proposed.ProposedCorrectionHash,
        });
    }

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var officer in officers.Values)
            officer.Dispose();
        await Exchange.DisposeAsync();
        File.Delete(clockFile);
    }

    static void Write(string file, DateOnly day)
    {
        var next = file + ".next";
        File.WriteAllText(next, $"{Iso(day)}T08:00:00Z");
        File.Move(next, file, overwrite: true);
    }
}
