using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// What a row of the requests file must be. Everything wrong is said at once. Negative durations, unknown codes, missing
/// keys and days after the register's last are faults; oddities of order are warnings, for registers are kept by people.
/// </summary>
static class RequestRules
{
    /// <summary>The row as meant, or null when it has a fault; and every remark.</summary>
    public static (RequestRow? Request, IReadOnlyList<RegisterRemark> Remarks) Judge(RegisterRow row, RegisterContext context)
    {
        if (!row.IsReadable)
            return (null, row.Remarks);

        var reading = new RowReading(row, context.ObservedUntil);
        var request = new RequestRow
        {
            Reference = reading.Reference(),
            CaseNumber = reading.Required("case_number"),
            Instrument = reading.Code("instrument", "unknown_instrument", "Use a code of the table of instruments.",
                Known(context.Reference.Instruments)) ?? "",
            RequestingState = State(reading, "requesting_state", context.Reference),
            RequestedState = State(reading, "requested_state", context.Reference),
            RequestingAuthority = reading["requesting_authority"],
            Offence = Offence(reading),
            Measures = Measures(reading, context.Reference),
            Urgency = UrgencyOf(reading),
            TransmittedOn = reading.Required("transmitted_on").Length == 0 ? default : reading.Day("transmitted_on") ?? default,
            AcknowledgedOn = reading.Day("acknowledged_on"),
            SupplementRequestedOn = reading.Day("supplement_requested_on"),
            SupplementProvidedOn = reading.Day("supplement_provided_on"),
            RespondedOn = reading.Day("responded_on"),
            Outcome = OutcomeOf(reading),
            Ground = Ground(reading, context.Reference),
        };
        CheckStates(reading, request, context.State);
        CheckGround(reading, request, context.Reference);
        RequestOrder.Check(reading, request);
        return (reading.IsSound ? request : null, reading.Remarks);
    }

    static Func<string, string?> Known<T>(IReadOnlyDictionary<string, T> table) => code => table.ContainsKey(code) ? code : null;

    static string State(RowReading reading, string column, ReferenceData reference)
    {
        var state = reading.Code(column, "unknown_state", "Use the ISO 3166-1 code of a state in two upper-case letters.",
            code => Known(reference.States)(ReferenceData.StateOfAlias(code))) ?? "";
        if (state.Length > 0 && state != reading[column])
            reading.Warn(column, "state_alias", $"{column} is read as {state}, the ISO 3166-1 code.");
        return state;
    }

    static void CheckStates(RowReading reading, RequestRow request, string state)
    {
        if (request.RequestingState.Length == 0 || request.RequestedState.Length == 0)
            return;
        if (request.RequestingState == request.RequestedState)
            reading.Fault("requested_state", "same_state", "A state does not request itself. Correct one of the two states.");
        else if (request.RequestingState != state && request.RequestedState != state)
            reading.Fault("", "foreign_row",
                $"Neither side is {state}. A register holds what its own state sent or received; leave this row out.");
    }

    static string Offence(RowReading reading)
    {
        var offence = reading.Required("offence");
        if (offence.Length > 0
            && (offence.Length > 64 || !offence.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')))
            reading.Fault("offence", "bad_code",
                "offence must be a code of at most 64 lower-case letters, digits and underscores, such as trafficking_in_persons.");
        return offence;
    }

    static List<string> Measures(RowReading reading, ReferenceData reference)
    {
        List<string> measures = [];
        var unknown = 0;
        foreach (var code in reading.Required("measures")
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!reference.Measures.ContainsKey(code))
                unknown++;
            else if (!measures.Contains(code))
                measures.Add(code);
            else
                reading.Warn("measures", "repeated_measure", $"The measure {code} is there more than once and counts once.");
        }

        if (unknown > 0)
            reading.Fault("measures", "unknown_measure",
                $"{unknown} of the measures are not known codes. Use codes of the table of measures, separated by semicolons.");
        else if (measures.Count == 0 && reading["measures"].Length > 0)
            reading.Fault("measures", "missing", "measures holds no code. Fill it in.");
        return measures;
    }

    static Urgency UrgencyOf(RowReading reading)
    {
        switch (reading["urgency"])
        {
            case "urgent":
                return Urgency.Urgent;
            case "routine":
                return Urgency.Routine;
            case "":
                reading.Warn("urgency", "urgency_assumed", "urgency is empty and is read as routine.");
                return Urgency.Routine;
            default:
                reading.Fault("urgency", "unknown_urgency", "urgency is neither routine nor urgent. Write one of them.");
                return Urgency.Unspecified;
        }
    }

    static Outcome OutcomeOf(RowReading reading)
    {
        Outcome? outcome = reading["outcome"] switch
        {
            "" => Outcome.Unspecified,
            "executed" => Outcome.Executed,
            "partially_executed" => Outcome.PartiallyExecuted,
            "refused" => Outcome.Refused,
            "not_executable" => Outcome.NotExecutable,
            "returned" => Outcome.Returned,
            "withdrawn" => Outcome.Withdrawn,
            _ => null,
        };
        if (outcome is null)
            reading.Fault("outcome", "unknown_outcome",
                "outcome is not known. Write executed, partially_executed, refused, not_executable, returned or withdrawn, or leave "
                + "it empty while the request is open.");
        return outcome ?? Outcome.Unspecified;
    }

    static string Ground(RowReading reading, ReferenceData reference)
    {
        var ground = reading["refusal_ground"];
        if (ground.Length > 0 && !reference.Grounds.ContainsKey(ground))
            reading.Fault("refusal_ground", "unknown_ground", "refusal_ground is not a known code. Use a code of the table of grounds.");
        return ground;
    }

    static void CheckGround(RowReading reading, RequestRow request, ReferenceData reference)
    {
        var outcome = request.Outcome;
        if (request.Ground.Length == 0)
        {
            if (outcome == Outcome.Refused)
                reading.Warn("refusal_ground", "refusal_without_ground", "A refusal without its ground; it is kept as a refusal.");
            return;
        }

        // An unknown outcome is a fault already; whether a ground fits it cannot be said.
        if (outcome is not (Outcome.Refused or Outcome.NotExecutable or Outcome.Returned)
            && (outcome != Outcome.Unspecified || reading["outcome"].Length == 0))
            reading.Fault("refusal_ground", "ground_without_refusal",
                "A ground belongs to the outcomes refused, not_executable and returned only. Remove it or mend the outcome.");
        else if (reference.Grounds.TryGetValue(request.Ground, out var ground) && outcome != Outcome.Unspecified
            && ground.IsRefusal != (outcome == Outcome.Refused))
            reading.Warn("refusal_ground", ground.IsRefusal ? "refusal_ground_elsewhere" : "ground_is_no_refusal",
                ground.IsRefusal ? "The ground is one of refusal, the outcome is not; the outcome is kept."
                    : "The ground is none of refusal; the outcome refused is kept.");
    }
}
