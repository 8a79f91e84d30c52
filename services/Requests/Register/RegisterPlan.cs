using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What an import does with one request.</summary>
enum RegisterFate
{
    /// <summary>New here.</summary>
    Added,

    /// <summary>Differs from what was known: a correction.</summary>
    Corrected,

    /// <summary>Known just so, and now known to have stood so for longer.</summary>
    SeenLater,

    /// <summary>Known just so.</summary>
    Unchanged,

    /// <summary>Differs, but a later register has been read since: a fault.</summary>
    OlderThanKnown,

    /// <summary>Differs, but an officer works on it: a fault, for an import observes and never acts.</summary>
    KeptByOfficer,
}

/// <summary>A request of a register beside what is known of it.</summary>
sealed record RegisterPlan(RegisteredRequest Request, RequestState? Before, byte[] Fingerprint, RegisterFate Fate)
{
    public static RegisterPlan For(RegisteredRequest request, RequestState? before, RegisterFingerprint fingerprints, DateOnly observedUntil)
    {
        var fingerprint = fingerprints.Of(request, before?.Fingerprint);
        return new(request, before, fingerprint, Decide(before, fingerprint, observedUntil));
    }

    static RegisterFate Decide(RequestState? before, byte[] fingerprint, DateOnly observedUntil)
    {
        if (before is null)
            return RegisterFate.Added;

        var kept = before.Facts.Adopted || before.Facts.Origin == Origin.OnTheExchange;
        var later = string.CompareOrdinal(RegisterFacts.Iso(observedUntil), before.Facts.ObservedUntil);
        if (before.Fingerprint is { } known && known.AsSpan().SequenceEqual(fingerprint))
            return later > 0 && !kept ? RegisterFate.SeenLater : RegisterFate.Unchanged;
        if (kept)
            return RegisterFate.KeptByOfficer;
        return later < 0 ? RegisterFate.OlderThanKnown : RegisterFate.Corrected;
    }

    public bool Writes => Fate is RegisterFate.Added or RegisterFate.Corrected or RegisterFate.SeenLater;

    /// <summary>The subjects to seal; null when those known stay as they are.</summary>
    public IReadOnlyList<SubjectRow>? NewSubjects => Fate switch
    {
        RegisterFate.Added => Request.Subjects ?? [],
        RegisterFate.Corrected when !RegisterFingerprint.SameSubjects(Fingerprint, Before!.Fingerprint!) => Request.Subjects,
        _ => null,
    };

    public RegisterRemark? Fault => Fate switch
    {
        RegisterFate.OlderThanKnown => Say("older_than_known",
            $"The row differs from that of a register kept until {Before!.Facts.ObservedUntil}, which was imported before. Import the newer register."),
        RegisterFate.KeptByOfficer => Say("kept_by_officer",
            "An officer works on this request here, and the register says something else. Record the difference on the request itself."),
        _ => null,
    };

    /// <summary>Others kept writing the same request.</summary>
    public static RegisterRemark ChangedMeanwhile(RegisteredRequest request) =>
        Say(request, "changed_meanwhile", "Somebody else keeps changing this request. Import the register again.");

    RegisterRemark Say(string code, string message) => Say(Request, code, message);

    static RegisterRemark Say(RegisteredRequest request, string code, string message) =>
        Remark.Fault(RegisterFile.Requests, request.Number, request.Request.Reference, "", code, message);
}
