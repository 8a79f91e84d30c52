using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Cli.Tests;

/// <summary>The lifecycle's half of Requests: takes every step it is asked to, and remembers it.</summary>
sealed partial class CannedRequests
{
    public List<TakeStepRequest> Steps { get; } = [];

    public List<CreateDraftRequest> Drafts { get; } = [];

    /// <summary>How many steps more are answered with UNAVAILABLE after they were taken.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>What a step is refused with; null takes it.</summary>
    public RpcException? Refusal { get; set; }

    public HistoryEntry[] History { get; set; } = [];

    public Letter Letter { get; } = new()
    {
        CaseNumber = "BY-GPK-2006-00001",
        RequestedState = "PL",
        Instrument = "UNTOC-2000",
        Urgency = Urgency.Urgent,
        SubjectMatter = "Recruitment of women in Brest for work in a night club; the money went through an account in Warsaw.",
        Measures = { new MeasureRequested { Measure = "obtaining_documents", Details = "Statements of the account of {subject 1}.",
            PeriodFrom = "2005-01-01", PeriodTo = "2005-12-31" } },
        Formalities = { Formality.CertifiedCopies },
        Confidential = true,
    };

    public List<LetterFault> Faults { get; } = [new() { Field = "facts_summary", Description = "must say what happened.",
        Source = "UNTOC 18(15)(c)" }];

    public static ByteString LetterHash { get; } = ByteString.CopyFrom([0xab, .. Enumerable.Repeat((byte)7, 31)]);

    public override Task<TakeStepResponse> CreateDraft(CreateDraftRequest request, ServerCallContext context)
    {
        Drafts.Add(request);
        return Task.FromResult(new TakeStepResponse { Request = Sample.Request, Version = 1 });
    }

    public override Task<TakeStepResponse> TakeStep(TakeStepRequest request, ServerCallContext context)
    {
        Steps.Add(request);
        if (Refusal is not null)
            throw Refusal;
        if (AnswersToLose-- > 0)
            throw new RpcException(new(StatusCode.Unavailable, "Going down."));
        return Task.FromResult(new TakeStepResponse { Request = Sample.Request, Version = 4 });
    }

    public override Task<LetterView> GetLetter(GetLetterRequest request, ServerCallContext context) => Task.FromResult(new LetterView
    {
        Request = Sample.Request.Name, Etag = "3", Letter = Letter, LetterHash = LetterHash, LetterVersion = 1, Faults = { Faults },
    });

    public override Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context) =>
        Task.FromResult(new GetHistoryResponse { Entries = { History } });

    public override Task<Lifecycle> GetLifecycle(GetLifecycleRequest request, ServerCallContext context) =>
        Task.FromResult(new Lifecycle { Moves = { Sample.Moves } });
}
