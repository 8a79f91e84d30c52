using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Exchange.Contracts.Tests;

/// <summary>One request that uses every part of the contract; fixed, for its bytes are approved.</summary>
static class Samples
{
    public const string Request = "requests/01938a6e-7c00-7000-8000-000000000001";

    public static RequestFacts Facts() => new()
    {
        Request = Request,
        Version = 3,
        RecordedAt = Timestamp.FromDateTimeOffset(new(2026, 3, 2, 9, 30, 0, 123, 456, TimeSpan.Zero)),
        Reference = "BY-2026-000123",
        RequestingState = "BY",
        RequestedState = "PL",
        Instrument = "UNTOC-2000",
        Offence = "trafficking_in_persons",
        Measures = { "hearing_of_witness", "bank_account_information" },
        Urgency = Urgency.Urgent,
        Channel = Channel.OffExchange,
        Status = Status.Refused,
        TransmittedOn = "2026-01-10",
        DeliveredOn = "2026-01-12",
        AcknowledgedOn = "2026-01-15",
        RecognisedOn = "2026-01-20",
        Supplements = { new Supplement { RequestedOn = "2026-01-22", ProvidedOn = "2026-01-30" } },
        Answers =
        {
            new Answer
            {
                AnsweredOn = "2026-03-01", Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", Final = true,
                RecordedBy = Side.RequestingSide,
            },
        },
        Postponements = { new Postponement { PostponedOn = "2026-02-01", ExpectedOn = "2026-03-01", Ground = "own_proceedings_pending" } },
        TimeLimits = { new TimeLimit { Kind = LimitKind.Policy, StartOn = "2026-01-10", DueOn = "2026-04-10", PolicyVersion = "1" } },
        Origin = Origin.OnTheExchange,
        Adopted = true,
        ForwardedOn = "2026-01-18",
    };

    public static JournalEntry Entry() => new()
    {
        Aggregate = Request,
        Version = 3,
        PreviousHash = ByteString.CopyFrom([.. Enumerable.Range(0, 32).Select(i => (byte)i)]),
        CommandId = "01938a6e-7c00-7000-8000-0000000000c1",
        RecordedAt = Facts().RecordedAt,
        Actor = new() { Identity = "exchange://BY/general-prosecutor/international/1001?role=prosecutor", Certificate = new('a', 64) },
        Steps =
        {
            new Step
            {
                OccurredOn = "2026-03-01",
                PartnerActed = new()
                {
                    Status = Status.Refused, Outcome = Outcome.Refused, Ground = "ne_bis_in_idem", RecordedBy = Side.RequestingSide,
                },
            },
            new Step
            {
                OccurredOn = "2026-03-02",
                SubjectsNamed = new()
                {
                    Subjects =
                    {
                        new SealedSubject
                        {
                            SubjectId = "01938a6e-7c00-7000-8000-0000000000d1", Kind = SubjectKind.Person, Role = SubjectRole.Victim,
                            Ciphertext = ByteString.CopyFrom([0xC0, 0xFF, 0xEE]),
                        },
                    },
                },
            },
        },
        Facts = Facts(),
        Signature = new()
        {
            Content = ByteString.CopyFrom([1, 2]), Value = ByteString.CopyFrom([3, 4]), Algorithm = "ES256",
            Certificate = ByteString.CopyFrom([5, 6]),
        },
    };
}
