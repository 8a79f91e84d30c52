using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Cli.Tests;

/// <summary>Takes a register in without looking at it, and breaks off as often as a test wants.</summary>
sealed partial class CannedRequests : RequestRegistry.RequestRegistryBase
{
    public int CutsToCome { get; set; }

    public List<RegisterHeader> Headers { get; } = [];

    public int LargestChunk { get; private set; }

    public Dictionary<RegisterFile, MemoryStream> Received { get; private set; } = [];

    public RegisterRemark[] Remarks { get; set; } = [];

    public ReadSubjectsRequest? Reading { get; private set; }

    public ListRequestsRequest? Listing { get; private set; }

    public override async Task ImportRegister(
        IAsyncStreamReader<ImportRegisterRequest> requestStream, IServerStreamWriter<ImportRegisterResponse> responseStream,
        ServerCallContext context)
    {
        if (CutsToCome-- > 0)
        {
            await responseStream.WriteAsync(new() { Remark = Fault(1) });
            context.GetHttpContext().Abort();
            return;
        }
        var read = await Take(requestStream);
        await responseStream.WriteAsync(new() { Progress = new() { RequestRowsRead = 2, RequestRowsDone = 2, BytesRead = read } });
        foreach (var remark in Remarks)
            await responseStream.WriteAsync(new() { Remark = remark });
        await responseStream.WriteAsync(new() { Report = Report() });
    }

    public override async Task<RegisterReport> CheckRegister(IAsyncStreamReader<ImportRegisterRequest> requestStream,
        ServerCallContext context)
    {
        await Take(requestStream);
        var report = Report();
        report.Remarks.Add(Remarks);
        return report;
    }

    public override Task<MlaRequest> GetRequest(GetRequestRequest request, ServerCallContext context) =>
        request.Name == $"requests/{Sample.Request.Facts.Reference}" || request.Name == Sample.Request.Name
            ? Task.FromResult(Sample.Request)
            : throw new RpcException(new(StatusCode.NotFound, "There is no such request, or none that you may see."));

    public override Task<ListRequestsResponse> ListRequests(ListRequestsRequest request, ServerCallContext context)
    {
        Listing = request;
        return Task.FromResult(new ListRequestsResponse
        {
            Requests = { Enumerable.Repeat(Sample.Request, request.PageSize) },
            NextPageToken = request.PageToken.Length == 0 ? "more" : "",
        });
    }

    public override Task<ReadSubjectsResponse> ReadSubjects(ReadSubjectsRequest request, ServerCallContext context)
    {
        Reading = request;
        var subject = Sample.Request.Subjects[0].Clone();
        subject.Identity = new()
        {
            Names = { "Ivanou Ivan" }, BirthDate = "1970",
            Identifiers = { new Identifier { Kind = IdentifierKind.Document, Value = "AB1" } },
        };
        return Task.FromResult(
            new ReadSubjectsResponse { JournalEntry = "reads/1", Requests = { new SubjectsOfRequest { Subjects = { subject } } } });
    }

    public override Task<ListReadingsResponse> ListReadings(ListReadingsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListReadingsResponse
        {
            Readings =
            {
                new Reading { State = "PL", ReadOn = "2026-03-04", Purpose = Purpose.Recognition },
                new Reading
                {
                    State = "BY", ReadOn = "2026-03-05", Purpose = Purpose.Investigation, CaseNumber = "BY-1", Justification = "line-up",
                    Officer = "exchange://BY/ministry-of-interior/trafficking/2001?role=investigator",
                },
            },
        });

    /// <summary>How many times more the status is told with an entry unsealed.</summary>
    public int AsksUnsealed { get; set; } = int.MaxValue;

    public override Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context) =>
        Task.FromResult(
            new GetStatusResponse
            {
                Build = "1.0.0", InstallationState = "BY", Requests = 5000, SealedNo = 5000,
                Unsealed = AsksUnsealed-- > 0 ? 1 : 0, Outbox = 3,
                Attention = { Attention.Length > 0 ? [Attention] : Array.Empty<string>() }
            });

    public string Attention { get; set; } = "";

    public IReadOnlyList<string>? ReferencesSeen { get; set; }

    public override Task<AcceptRestoreResponse> AcceptRestore(AcceptRestoreRequest request, ServerCallContext context)
    {
        ReferencesSeen = [.. request.ReferencesSeen];
        return Task.FromResult(new AcceptRestoreResponse { SealedNo = 1000 });
    }

    public static RegisterRemark Fault(long row) => new()
    {
        Severity = Severity.Fault, File = RegisterFile.Requests, Row = row, Reference = $"BY-2004-{row:000000}", Field = "instrument",
        Code = "unknown_instrument", Message = "There is no such instrument.",
    };

    async Task<long> Take(IAsyncStreamReader<ImportRegisterRequest> stream)
    {
        Received = [];
        await foreach (var message in stream.ReadAllAsync())
        {
            if (message.Header is { } header)
                Headers.Add(header);
            if (message.Chunk is not { } chunk)
                continue;
            LargestChunk = Math.Max(LargestChunk, chunk.Data.Length);
            if (!Received.TryGetValue(chunk.File, out var file))
                Received[chunk.File] = file = new();
            chunk.Data.WriteTo(file);
        }
        return Received.Values.Sum(file => file.Length);
    }

    RegisterReport Report()
    {
        var faults = Remarks.Count(remark => remark.Severity == Severity.Fault);
        return new()
        {
            RequestRows = 2, SubjectRows = 5, Added = 2, Subjects = 5, Faulty = faults, Faults = faults, Warnings = Remarks.Length - faults,
        };
    }
}
