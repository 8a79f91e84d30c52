using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Every refusal this service answers with, by name.</summary>
static class RequestRefusals
{
    public static Refusal Erased() => new(RefusalKind.NotAllowedNow, "REQUEST_ERASED",
        "The data of this request were erased: what it held is gone, and what is said of it from now on could not be kept either.");

    public static Refusal CaseErased() => NotAllowedNow("CASE_ERASED",
        "The data of this case were erased: what was kept of it is gone, and nothing more is kept under its number.");

    /// <summary>No reader would believe the entry; whoever goes through several requests logs it and goes on with the next.</summary>
    public static Refusal EntryUnsound(string request, string fault) => new(RefusalKind.Damaged, "ENTRY_UNSOUND",
        $"Nothing was written to {request}, because its readers would refuse the entry: {fault}. An operator has to see to it.");

    /// <summary>Absent, or not this caller's to see; nobody can tell which.</summary>
    public static Refusal NotFound(string name) =>
        new(RefusalKind.NotFound, "REQUEST_NOT_FOUND", $"There is no {name} that you may see.");

    public static Refusal NotForThisService() =>
        new(RefusalKind.NotAllowed, "ROLE_NOT_ALLOWED", "Of the services only correlation reads identities.");

    public static Refusal WrongSide(StepCode step, Side own) => NotAllowedNow("WRONG_SIDE", own == Side.RequestingSide
        ? $"{step} is a step of the state that was asked; what it does off the exchange is recorded once its channel is OFF_EXCHANGE."
        : $"{step} is a step of the state that asks.");

    public static Refusal WrongRole(StepCode step, IEnumerable<string> roles) =>
        NotAllowedNow("WRONG_ROLE",
            $"{step} is not a step of your role; it takes a {string.Join(" or a ", roles.Distinct())}.");

    public static Refusal WrongChannel() =>
        NotAllowedNow("WRONG_CHANNEL",
            "This request goes off the exchange, and the requesting state records what you do. Ask it to change the channel, and "
            + "answer here.");

    public static Refusal AdoptFirst(string reference) =>
        NotAllowedNow("ADOPT_FIRST", $"{reference} is known from a register only, which observes and never acts. Adopt it first.");

    public static Refusal NotToAdopt(string reference) =>
        NotAllowedNow("NOT_TO_ADOPT", $"{reference} is no imported request that waits to be adopted.");

    public static Refusal StepNotAllowed(StepCode step, Status status) =>
        NotAllowedNow("STEP_NOT_ALLOWED", $"{step} is not a step from {status}; allowed_steps of the request names those that are.");

    public static Refusal AnswerIsFinal() =>
        NotAllowedNow("ANSWER_IS_FINAL", "The answer was final; nothing more is expected. A wrong entry is corrected.");

    public static Refusal SignatureNeeded(StepCode step) =>
        NotAllowedNow("SIGNATURE_NEEDED", $"{step} binds a state and needs the officer's signature over the act.");

    public static Refusal SignatureWrong(string why) => NotAllowedNow("SIGNATURE_WRONG", "The signature does not stand: " + why);

    public static Refusal RevocationUnknown() => new(RefusalKind.Unavailable, "REVOCATION_UNKNOWN",
        "Whether the officer's certificate was revoked cannot be known now: the revocation list of his state is missing or overdue.");

    public static Refusal NotApproved() =>
        NotAllowedNow("NOT_APPROVED",
            "A second officer, not an author of the letter, must approve it as it stands before it is transmitted.");

    public static Refusal NotToConfirm() =>
        NotAllowedNow("NOT_TO_CONFIRM",
            "Nothing waits here for your confirmation: a letter that one officer transmitted alone is confirmed by another, who did not "
            + "write it.");

    public static Refusal NotOwnEntry() =>
        NotAllowedNow("NOT_OWN_ENTRY",
            "Alone you correct only what you entered today yourself, what the other side was not told of, and what nobody acted on since. "
            + "Propose the correction, and a second officer confirms it.");

    public static Refusal OwnLetter() => NotAllowedNow("OWN_LETTER", "You wrote this letter; somebody else must approve it.");

    public static Refusal LetterChanged() =>
        NotAllowedNow("LETTER_CHANGED", "The letter is not the one you read: letter_hash differs. Read it again with GetLetter.");

    public static Refusal OwnCorrection() =>
        NotAllowedNow("OWN_CORRECTION", "You proposed this correction; a second officer of your side must decide on it.");

    public static Refusal NoSuchCorrection() =>
        NotAllowedNow("NO_SUCH_CORRECTION", "No such correction of your side waits for a second officer.");

    public static Refusal CorrectionWaits() =>
        NotAllowedNow("CORRECTION_WAITS", "Another correction waits for a second officer; decide on that one first.");

    public static Refusal NotSuperseded(string reference) =>
        NotAllowedNow("NOT_SUPERSEDED",
            $"{reference} is not at an end of its own yet: a letter is replaced once it was returned, withdrawn, answered or closed.");

    /// <summary>Incomplete: everything that is missing, with what asks for it.</summary>
    public static Refusal LetterIncomplete(IEnumerable<LetterFault> faults) => new(RefusalKind.NotAllowedNow, "LETTER_INCOMPLETE",
        "The letter is not complete; every fault is named.",
            [.. faults.Select(fault => new Violation($"letter.{fault.Field}", $"{fault.Description} ({fault.Source})"))]);

    /// <summary>Another officer changed the request after the caller read it.</summary>
    public static Refusal ChangedMeanwhile(bool amended) => amended
        ? new(RefusalKind.ChangedMeanwhile, "LETTER_AMENDED", "The letter was amended meanwhile. Read it, and decide again.")
        : new(RefusalKind.ChangedMeanwhile, "CHANGED_MEANWHILE", "Somebody else changed the request meanwhile. Read it, and decide again.");

    public static Refusal NoLetter(string reference) =>
        new(RefusalKind.NotFound, "NO_LETTER",
            $"There is no letter of {reference} here: it came from a register, or its key was destroyed.");

    /// <summary>Absent, or not this officer's to see.</summary>
    public static Refusal NoCase(string number) =>
        new(RefusalKind.NotFound, "CASE_NOT_FOUND", $"There is no case {number} that you may see.");

    public static Refusal NotYourCase(string number) =>
        NotAllowedNow("NOT_YOUR_CASE", $"Case {number} is changed by its lead unit, by those who take part, or by a prosecutor.");

    public static Refusal CaseChangedMeanwhile() =>
        new(RefusalKind.ChangedMeanwhile, "CHANGED_MEANWHILE",
            "The case is kept already, or somebody else changed it meanwhile. Read it, and decide again with its etag.");

    public static Refusal Stopping() =>
        new(RefusalKind.Unavailable, "STOPPING", "This replica is stopping; go on from the last number heard, another will answer.");

    public static Refusal ListChanged() => Refusal.Invalid([new("page_token", "does not belong to this list; start again without it.")]);

    static Refusal NotAllowedNow(string reason, string message) => new(RefusalKind.NotAllowedNow, reason, message);
}
