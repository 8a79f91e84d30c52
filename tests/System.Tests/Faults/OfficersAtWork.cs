using Exchange.Requests.V1;
using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// Letters from the draft to the answer, one after the other and several at a time, with a stale step in each that must be refused.
/// </summary>
sealed class OfficersAtWork(RecordingClient client)
{
    volatile bool enough;
    Task working = Task.CompletedTask;
    int begun;

    /// <summary>Letters that reached their answer.</summary>
    public int Answered;

    public RecordingClient Client => client;

    /// <summary>Begins; each of the officers writes letter after letter.</summary>
    public OfficersAtWork Begin(int officers)
    {
        working = Task.WhenAll(Enumerable.Range(0, officers).Select(_ => Task.Run(WriteLetters)));
        return this;
    }

    /// <summary>Waits until so many more letters were answered; whatever breaks, they come through.</summary>
    public async Task Answer(int more)
    {
        var until = Volatile.Read(ref Answered) + more;
        var answered = Eventually.Holds(() => Volatile.Read(ref Answered).ShouldBeGreaterThanOrEqualTo(until), TimeSpan.FromMinutes(3));
        // The work ends by itself only with a fault.
        await await Task.WhenAny(answered, working);
    }

    /// <summary>No more letters; those that are begun are brought to their end.</summary>
    public async Task End()
    {
        enough = true;
        await working;
    }

    async Task WriteLetters()
    {
        while (!enough)
            await Live(Interlocked.Increment(ref begun));
    }

    async Task Live(int number)
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.CaseNumber = $"BY-GPK-2026-{number:00000}";
        letter.NoKnownSubjects = false;
        var draft = await client.Give("investigator", "CreateDraft", "", (officer, command, options) =>
            officer.Requests.CreateDraftAsync(new() { Letter = letter, CommandId = command.ToString() }, options));
        if (draft is null)
            return;
        var request = draft.Name;
        if (await client.Take("investigator", draft, act => act.NameSubjects = Somebody(number)) is null
            || await client.Take("investigator", draft, act => act.Withdraw = new()) is not null // As seen before: refused.
            || await client.Take("investigator", request, act => act.Submit = new()) is null
            || await client.Take(
                "prosecutor", request, await Hash(request, hash => act => act.Approve = new() { LetterHash = hash })) is null
            || await client.Take(
                "prosecutor", request,
                await Hash(request, hash => act => act.Transmit = new() { LetterHash = hash, Channel = Channel.OnExchange })) is null)
        {
            return;
        }
        client.Transmitted.Add(request);
        if (await client.Take("liaison-pl", request, act => act.Acknowledge = new() { Reference = $"PL-{number}" }) is not null
            && await client.Take(
                "liaison-pl", request, act => act.Answer = new() { Outcome = Outcome.Executed, Text = "Done." }) is not null)
        {
            Interlocked.Increment(ref Answered);
        }
    }

    async Task<Action<Act>> Hash(string request, Func<Google.Protobuf.ByteString, Action<Act>> step) =>
        step((await client.Read(
            "prosecutor", (requests, options) => requests.GetLetterAsync(new() { Name = request }, options))).LetterHash);

    static NameSubjects Somebody(int number) => new()
    {
        Add =
        {
            new NewSubject
            {
                Kind = SubjectKind.Person, Role = SubjectRole.Witness,
                Identity = new()
                {
                    Names = { "Jan Testowy" },
                    Identifiers = { new Identifier { Kind = IdentifierKind.Document, Value = $"MP{number:0000000}" } },
                },
            },
        },
    };
}
