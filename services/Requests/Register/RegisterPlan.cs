using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What an import decides to do with one request.</summary>
enum RegisterDecision
{
    /// <summary>The request is not known here yet.</summary>
    Added,

    /// <summary>The row differs from what was known: it is recorded as a correction.</summary>
    Corrected,

    /// <summary>Known just so, and now known to have stood so for longer.</summary>
    SeenLater,

    /// <summary>The row says what is known already; nothing is written.</summary>
    Unchanged,

    /// <summary>Differs, but a later register has been read since: a fault.</summary>
    OlderThanKnown,

    /// <summary>Differs, but its data were erased: a fault, for they would be here again.</summary>
    Erased,

    /// <summary>Differs, but an officer works on it: a fault, for an import observes and never acts.</summary>
    KeptByOfficer,
}

/// <summary>A request of a register beside what is known of it, and what is decided.</summary>
sealed record RegisterPlan(
    RegisteredRequest Request, RequestState? Before, byte[] Fingerprint, RegisterDecision Decision, bool SubjectsDiffer)
{
    public static RegisterPlan For(RegisteredRequest request, RequestState? before, RegisterFingerprint fingerprints,
        DateOnly observedUntil)
    {
        var same = before?.Fingerprint is { } known && fingerprints.IsOf(request, known);
        // What is known just so keeps its fingerprint, whatever key it was made with.
        return new(request, before, same ? before!.Fingerprint! : fingerprints.Of(request, before?.Fingerprint),
            Decide(before, same, observedUntil), before?.Fingerprint is not { } stands || !fingerprints.HasSubjectsOf(request, stands));
    }

    static RegisterDecision Decide(RequestState? before, bool same, DateOnly observedUntil)
    {
        if (before is null)
            return RegisterDecision.Added;

        var kept = before.Facts.Adopted || before.Facts.Origin == Origin.OnTheExchange;
        var later = LegalDay.ParseOptional(before.Facts.ObservedUntil) is { } seenUntil ? observedUntil.CompareTo(seenUntil) : 1;
        if (same)
            return later > 0 && !kept ? RegisterDecision.SeenLater : RegisterDecision.Unchanged;
        if (kept)
            return RegisterDecision.KeptByOfficer;
        if (before.Key is null)
            return RegisterDecision.Erased;
        return later < 0 ? RegisterDecision.OlderThanKnown : RegisterDecision.Corrected;
    }

    public bool Writes => Decision is RegisterDecision.Added or RegisterDecision.Corrected or RegisterDecision.SeenLater;

    /// <summary>Whether what is written says anew what the request is.</summary>
    public bool Describes => Decision is RegisterDecision.Added or RegisterDecision.Corrected;

    /// <summary>The subjects to encrypt; null when those known stay as they are.</summary>
    public IReadOnlyList<SubjectRow>? NewSubjects => Decision switch
    {
        RegisterDecision.Added => Request.Subjects ?? [],
        RegisterDecision.Corrected when SubjectsDiffer => Request.Subjects,
        _ => null,
    };

    public RegisterRemark? Fault => Decision switch
    {
        RegisterDecision.OlderThanKnown => RemarkOf("older_than_known",
            $"The row differs from that of a register kept until {Before!.Facts.ObservedUntil}, which was imported before. Import the "
                + "newer register."),
        RegisterDecision.Erased => RemarkOf("erased",
            "The data of this request were erased here, and the register says something else. Take it out of the register."),
        RegisterDecision.KeptByOfficer => RemarkOf("kept_by_officer",
            "An officer works on this request here, and the register says something else. Record the difference on the request itself."),
        _ => null,
    };

    /// <summary>The remark for a request that others kept changing until the import gave up.</summary>
    public static RegisterRemark ChangedMeanwhile(RegisteredRequest request) =>
        RemarkOf(request, "changed_meanwhile", "Somebody else keeps changing this request. Import the register again.");

    RegisterRemark RemarkOf(string code, string message) => RemarkOf(Request, code, message);

    static RegisterRemark RemarkOf(RegisteredRequest request, string code, string message) =>
        Remark.Fault(RegisterFile.Requests, request.Number, request.Request.Reference, "", code, message);
}
