using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>A faultless row of the requests file. Holds nothing about a person.</summary>
sealed record RequestRow
{
    public required string Reference { get; init; }
    public required string CaseNumber { get; init; }
    public required string Instrument { get; init; }
    public required string RequestingState { get; init; }
    public required string RequestedState { get; init; }
    public required string RequestingAuthority { get; init; }
    public required string Offence { get; init; }
    public required IReadOnlyList<string> Measures { get; init; }
    public required Urgency Urgency { get; init; }
    public required DateOnly TransmittedOn { get; init; }
    public DateOnly? AcknowledgedOn { get; init; }
    public DateOnly? SupplementRequestedOn { get; init; }
    public DateOnly? SupplementProvidedOn { get; init; }

    /// <summary>The day of <see cref="Outcome"/>; for one withdrawn or returned the day that happened.</summary>
    public DateOnly? RespondedOn { get; init; }

    /// <summary>How the request ended; unspecified while it is open.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>The ground of a refusal, return or "not executable"; empty when the register gives none.</summary>
    public string Ground { get; init; } = "";
}

/// <summary>A faultless row of the subjects file: personal data, to be kept in memory and under encryption only.</summary>
sealed record SubjectRow
{
    public required string Reference { get; init; }
    public required SubjectRole Role { get; init; }
    public required string Name { get; init; }
    public required string BirthDate { get; init; }
    public required string DocumentNumber { get; init; }
    public required string Phone { get; init; }
    public required string VehiclePlate { get; init; }
    public required string Vin { get; init; }

    /// <summary>A row without anything of a person is about the thing it identifies.</summary>
    public SubjectKind Kind => Name.Length + BirthDate.Length + DocumentNumber.Length > 0 ? SubjectKind.Person : SubjectKind.Item;

    /// <summary>The identity as the journal holds it.</summary>
    public SubjectIdentity Identity()
    {
        var identity = new SubjectIdentity { BirthDate = BirthDate };
        if (Name.Length > 0)
            identity.Names.Add(Name);
        Add(IdentifierKind.Document, DocumentNumber);
        Add(IdentifierKind.Phone, Phone);
        Add(IdentifierKind.Plate, VehiclePlate);
        Add(IdentifierKind.Vin, Vin);
        return identity;

        void Add(IdentifierKind kind, string value)
        {
            if (value.Length > 0)
                identity.Identifiers.Add(new Identifier { Kind = kind, Value = value });
        }
    }
}

/// <summary>A request as a register tells it, whole and without a fault.</summary>
/// <param name="Number">Its row of the requests file.</param>
/// <param name="Request">That row.</param>
/// <param name="Subjects">Its rows of the subjects file; null when that file was left out.</param>
sealed record RegisteredRequest(long Number, RequestRow Request, IReadOnlyList<SubjectRow>? Subjects)
{
    /// <summary>What a request is known by from one register to the next.</summary>
    public (string State, string Reference) Key => (Request.RequestingState, Request.Reference);
}
