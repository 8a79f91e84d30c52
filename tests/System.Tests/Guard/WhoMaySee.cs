using Registry = Exchange.Requests.V1.RequestRegistry.RequestRegistryClient;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>Each state sees its own letters, each role does its own work, and a no gives nothing away.</summary>
[Collection(Guarded.Name)]
public sealed class WhoMaySee(GuardedExchange guarded) : IAsyncLifetime
{
    const string ToPoland = "BY-2010-000301";
    const string Absent = "BY-2010-999999";
    const int NotFound = 4;
    const int NotAllowed = 5;

    static readonly Dictionary<string, (string Persona, Func<Registry, Task> Call)> Closed = new()
    {
        ["an investigator who imports"] = ("investigator", client => Import(client)),
        ["an investigator who checks a register"] = ("investigator", async client => await client.CheckRegister().ResponseAsync),
        ["a liaison officer who imports"] = ("liaison-pl", client => Import(client)),
        ["a liaison officer who reads the journal"] = ("liaison-pl", client => Journal(client)),
        ["a prosecutor who reads the journal"] = ("prosecutor", client => Journal(client)),
        ["a liaison officer who asks for the head"] = ("liaison-pl", async client => await client.GetCheckpointAsync(new())),
        ["a liaison officer who asks how it is doing"] = ("liaison-pl", async client => await client.GetStatusAsync(new())),
        ["an operator who reads a letter"] =
            ("operator", async client => await client.GetRequestAsync(new() { Name = $"requests/{ToPoland}" })),
        ["an operator who lists letters"] = ("operator", async client => await client.ListRequestsAsync(new())),
        ["an operator who reads subjects"] = ("operator", async client => await client.ReadSubjectsAsync(Reading(ToPoland))),
    };

    public static TheoryData<string> ClosedCalls => [.. Closed.Keys];

    public async ValueTask InitializeAsync() => (await guarded.Import(Written.Requests(Written.Letter(ToPoland)))).ExitCode.ShouldBe(0);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Nobody_can_tell_what_is_absent_from_what_is_not_his()
    {
        var lithuania = guarded.As("liaison-lt");
        var id = (await guarded.As("prosecutor").GetRequestAsync(new() { Name = $"requests/{ToPoland}" })).Name;
        var nothing = $"requests/{Guid.CreateVersion7()}";

        foreach (var (his, absent) in new[] { ($"requests/{ToPoland}", $"requests/{Absent}"), (id, nothing) })
        {
            Func<string, Task>[] calls =
            [
                async name => await lithuania.GetRequestAsync(new() { Name = name }),
                async name => await lithuania.ReadSubjectsAsync(Reading(name["requests/".Length..])),
            ];
            foreach (var call in calls)
            {
                var notHis = await RefusedCall.Of(() => call(his));
                var notThere = await RefusedCall.Of(() => call(absent));

                notHis.Code.ShouldBe(StatusCode.NotFound);
                (notHis with { Message = notHis.Message.Replace(his, absent, StringComparison.Ordinal), Violations = [] })
                    .ShouldBe(notThere with
                    {
                        Violations = notThere.Violations.Count == 0 ? [] : throw new ShouldAssertException("A violation tells more."),
                    });
                notHis.Violations.ShouldBeEmpty();
            }
        }
    }

    [Fact]
    public async Task A_list_holds_what_the_state_sent_and_of_a_register_nothing_that_was_sent_to_it()
    {
        (await guarded.As("liaison-lt").ListRequestsAsync(new() { RequestedStates = { "PL" } })).Requests.ShouldBeEmpty();
        (await guarded.As("liaison-pl").ListRequestsAsync(new() { PageSize = 1000 })).Requests
            .ShouldNotContain(request => request.Facts.Reference == ToPoland);
        (await guarded.As("prosecutor").ListRequestsAsync(new() { PageSize = 1000 })).Requests
            .ShouldContain(request => request.Facts.Reference == ToPoland);
    }

    [Fact]
    public async Task The_command_line_says_no_alike()
    {
        var notHis = await guarded.Exchange.Try("request", "show", ToPoland, "--as", "liaison-lt");
        var notThere = await guarded.Exchange.Try("request", "show", Absent, "--as", "liaison-lt");

        notHis.ExitCode.ShouldBe(NotFound);
        notThere.ExitCode.ShouldBe(NotFound);
        notHis.Errors.Replace(ToPoland, Absent, StringComparison.Ordinal).ShouldBe(notThere.Errors);
    }

    [Theory]
    [MemberData(nameof(ClosedCalls))]
    public async Task A_role_does_its_own_work_only(string who)
    {
        var (persona, call) = Closed[who];

        var refused = await RefusedCall.Of(() => call(guarded.As(persona)));

        (refused.Code, refused.Reason).ShouldBe((StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED"));
    }

    [Fact]
    public async Task The_command_line_says_whose_work_it_is()
    {
        var import = await guarded.Import(Written.Requests(), null, "--as", "investigator");

        import.ExitCode.ShouldBe(NotAllowed);
        import.Errors.ShouldContain("exchange: This is for the role prosecutor or operator; your certificate says investigator.");
    }

    [Fact]
    public async Task A_letter_is_found_by_whatever_reference_its_register_gave_it()
    {
        const string own = "15/2-1234 от 03.2010";
        (await guarded.Import(Written.Requests(Written.Letter(own)))).ExitCode.ShouldBe(0);

        (await guarded.Exchange.Run("request", "show", own)).ShouldContain(own);
    }

    [Fact]
    public async Task No_reference_of_a_letter_reaches_the_log()
    {
        await guarded.Exchange.Try("request", "show", Absent);
        await guarded.Exchange.Run("request", "show", ToPoland);
        await guarded.Stored();

        foreach (var service in new[] { guarded.Exchange.Requests, guarded.Exchange.Tracking, guarded.Exchange.Correlation })
        {
            service.Output.ShouldNotContain(Absent);
            service.Output.ShouldNotContain(ToPoland);
        }
        guarded.Exchange.Requests.Output.ShouldContain("GetRequest refused: REQUEST_NOT_FOUND");
    }

    [Fact]
    public async Task Whoever_runs_it_sees_how_all_three_services_are_doing()
    {
        foreach (var persona in new[] { "prosecutor", "operator" })
        {
            var status = await guarded.Exchange.Try("status", "--format", "csv", "--as", persona);

            status.ExitCode.ShouldBe(0, status.Output);
            Tables.Parse(status.Output).Select(row => row["build"]).Distinct().ShouldHaveSingleItem().ShouldContain('+');
        }
    }

    static ReadSubjectsRequest Reading(string reference) => new()
    {
        Names = { $"requests/{reference}" }, Purpose = Purpose.Execution, CaseNumber = "LT-1", Justification = "to see",
    };

    static async Task Import(Registry client)
    {
        using var call = client.ImportRegister();
        await call.RequestStream.CompleteAsync();
        await call.ResponseStream.MoveNext();
    }

    static async Task Journal(Registry client)
    {
        using var call = client.ReadJournal(new());
        await call.ResponseStream.MoveNext();
    }
}
