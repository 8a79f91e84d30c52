using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>Why a register is not taken in at all. Faults of rows are no refusals: they are remarks.</summary>
static class RegisterRefusals
{
    public static Refusal AnotherImportRuns() => new(RefusalKind.NotAllowedNow, "IMPORT_RUNNING",
        "Another register is being imported here. Wait until it has ended and start again.");

    public static Refusal HeaderFirst() => Refusal.Invalid([new("header", "must be the first message, and only that.")]);
}
