namespace Exchange.Cli;

/// <summary>What helps against a refusal, by the reason that the services give for programs.</summary>
static class Remedies
{
    const string Lifecycle = "exchange lifecycle --of REFERENCE shows what you may do now.";
    const string OtherPerson = "It takes a second officer of your side: --as chooses who asks.";

    static readonly Dictionary<string, string> ByReason = new()
    {
        ["STEP_NOT_ALLOWED"] = Lifecycle,
        ["WRONG_SIDE"] = "The other side takes it; off the exchange it is recorded with --on and --document-reference, after request"
            + " channel --to off-exchange.",
        ["WRONG_ROLE"] = "exchange lifecycle shows who may; --as chooses who asks.",
        ["WRONG_CHANNEL"] = "The requesting side changes it with exchange request channel REFERENCE --to on-exchange.",
        ["ADOPT_FIRST"] = "exchange request adopt REFERENCE takes it over.",
        ["ANSWER_IS_FINAL"] = "exchange request correct REFERENCE corrects a wrong entry; exchange request history shows its version.",
        ["NOT_APPROVED"] = "A second officer reads it (exchange request letter) and approves it (exchange request approve).",
        ["OWN_LETTER"] = OtherPerson,
        ["OWN_CORRECTION"] = OtherPerson,
        ["NO_SUCH_CORRECTION"] = "exchange request history REFERENCE shows what was decided.",
        ["CORRECTION_WAITS"] = "exchange request confirm-correction or reject-correction decides on it.",
        ["LETTER_INCOMPLETE"] = "exchange request letter REFERENCE --format json writes the letter to mend, exchange request edit saves"
            + " it.",
        ["LETTER_CHANGED"] = "Read it again: exchange request letter REFERENCE.",
        ["LETTER_AMENDED"] = "Read the new version (exchange request letter REFERENCE), and run the command again if it still stands.",
        ["NOT_SUPERSEDED"] = Lifecycle,
        ["REBUILD_RUNS"] = "It ends with whoever started it.",
        ["JOURNAL_WENT_BACK"] = "exchange restore check --as operator tells what is missing.",
        ["RESTORED"] = "exchange restore check --as operator tells what is missing, exchange restore accept opens it.",
        ["NEEDED_SERVICE_AWAY"] = "exchange status shows what is up.",
        ["HASH_MISMATCH"] = "The file changed while it was sent, or was damaged on its way; run the command again.",
    };

    public static string? For(string reason) => ByReason.GetValueOrDefault(reason);
}
