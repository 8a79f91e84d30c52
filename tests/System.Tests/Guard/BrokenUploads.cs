using System.Text;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.System.Tests;

/// <summary>Imports that break off or break the rules of the stream: nothing of them is stored, and the next one gets through.</summary>
[Collection(Guarded.Name)]
public sealed class BrokenUploads(GuardedExchange guarded)
{
    const int MiB = 1 << 20;

    static readonly Dictionary<string, (string Field, ImportRegisterRequest[] Messages)> OutOfPlace = new()
    {
        ["nothing at all"] = ("header", []),
        ["a chunk before the header"] = ("header", [Chunk("reference\n")]),
        ["an empty message"] = ("header", [new()]),
        ["a second header"] = ("header", [Header(), Header()]),
        ["an empty message after the header"] = ("part", [Header(), new()]),
        ["a chunk of no file"] = ("chunk.file", [Header(), new() { Chunk = new() { Data = ByteString.CopyFromUtf8("x") } }]),
        ["a chunk of an unknown file"] = ("chunk.file", [Header(), new() { Chunk = new() { File = (RegisterFile)9 } }]),
        ["a chunk over the limit"] =
            ("chunk.data",
                [Header(), new() { Chunk = new() { File = RegisterFile.Requests, Data = ByteString.CopyFrom(new byte[MiB + 1]) } }]),
    };

    public static TheoryData<string> MessagesOutOfPlace => [.. OutOfPlace.Keys];

    [Theory]
    [MemberData(nameof(MessagesOutOfPlace))]
    public async Task A_message_out_of_place_ends_the_import(string what)
    {
        var before = await guarded.Stored();
        var (field, messages) = OutOfPlace[what];

        var refused = await RefusedCall.Of(() => Import(messages));

        refused.Code.ShouldBe(StatusCode.InvalidArgument);
        refused.Reason.ShouldBe("INVALID_INPUT");
        refused.Fields.ShouldBe([field]);
        (await guarded.Stored()).ShouldBe(before);
    }

    [Fact]
    public async Task A_header_hears_of_all_its_faults_at_once()
    {
        var refused = await RefusedCall.Of(() => Import([new() { Header = new() { CommandId = "mine", ObservedUntil = "yesterday" } }]));

        refused.Fields.ShouldBe(["header.command_id", "header.observed_until"]);
    }

    [Fact]
    public async Task A_message_of_eight_megabytes_is_refused_as_too_large()
    {
        var before = await guarded.Stored();

        var refused =
            await RefusedCall.Of(
                () => Import(
                    [Header(), new() { Chunk = new() { File = RegisterFile.Requests, Data = ByteString.CopyFrom(new byte[8 * MiB]) } }]));

        refused.Code.ShouldBe(StatusCode.ResourceExhausted);
        (await guarded.Stored()).ShouldBe(before);
        await TheNextImportGetsThrough("BY-2010-000201");
    }

    [Fact]
    public async Task A_connection_cut_in_the_middle_leaves_nothing_behind()
    {
        var before = await guarded.Stored();
        using (var channel = guarded.Exchange.Connect(guarded.Exchange.Requests, "prosecutor"))
        {
            using var call = new RequestRegistry.RequestRegistryClient(channel).ImportRegister();
            await call.RequestStream.WriteAsync(Header());
            await call.RequestStream.WriteAsync(Chunk(Written.Requests(Written.Letter("BY-2010-000211"), "a faulty row\n")));
            await call.RequestStream.WriteAsync(new()
            {
                Chunk = new()
                {
                    File = RegisterFile.Subjects,
                    Data = ByteString.CopyFromUtf8(Written.Subjects("BY-2010-000211,victim,Half Stored,1980,,,,\n")),
                },
            });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Remark.Code.ShouldBe("wrong_field_count");
        }

        await TheNextImportGetsThrough("BY-2010-000212");
        var after = await guarded.Stored();
        (after.Requests - before.Requests, after.FactsVersions - before.FactsVersions, after.SubjectKeys - before.SubjectKeys)
            .ShouldBe((1, 1, 0));
        (await guarded.Ask<long>("requests", "SELECT count(*) FROM requests WHERE reference = $1", "BY-2010-000211")).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_import_is_told_to_wait_and_the_first_goes_on()
    {
        const int Failed = 1;
        using var first = guarded.As("prosecutor").ImportRegister();
        await first.RequestStream.WriteAsync(Header());
        await first.RequestStream.WriteAsync(Chunk(Written.Requests("a faulty row\n")));
        (await first.ResponseStream.MoveNext()).ShouldBeTrue();

        var second = await guarded.Import(Written.Requests(Written.Letter("BY-2010-000221")));
        var refused = await RefusedCall.Of(() => Import([Header()]));
        await first.RequestStream.WriteAsync(Chunk(Written.Letter("BY-2010-000222")));
        await first.RequestStream.CompleteAsync();

        second.ExitCode.ShouldBe(Failed);
        second.Errors.ShouldContain("exchange: Another register is being imported here. Wait until it has ended and start again.");
        second.Errors.ShouldContain("reason: IMPORT_RUNNING");
        (refused.Code, refused.Reason).ShouldBe((StatusCode.FailedPrecondition, "IMPORT_RUNNING"));
        (await first.ResponseStream.ReadAllAsync().LastAsync()).Report.Added.ShouldBe(1);
        await TheNextImportGetsThrough("BY-2010-000221");
    }

    // The service may learn of a cut a moment after the client has made it.
    Task TheNextImportGetsThrough(string reference) => Eventually.Holds(async () =>
    {
        var import = await guarded.Import(Written.Requests(Written.Letter(reference)));
        import.ExitCode.ShouldBe(0, import.Errors);
    });

    async Task Import(IEnumerable<ImportRegisterRequest> messages)
    {
        using var call = guarded.As("prosecutor").ImportRegister();
        try
        {
            foreach (var message in messages)
                await call.RequestStream.WriteAsync(message);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception refused) when (refused is RpcException or InvalidOperationException)
        {
            // The service may have ended the call already; why, the answer says.
        }
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
        {
        }
    }

    static ImportRegisterRequest Header() =>
        new() { Header = new() { CommandId = Guid.CreateVersion7().ToString(), ObservedUntil = GuardedExchange.ObservedUntil } };

    static ImportRegisterRequest Chunk(string text) =>
        new() { Chunk = new() { File = RegisterFile.Requests, Data = ByteString.CopyFrom(text, Encoding.UTF8) } };
}
