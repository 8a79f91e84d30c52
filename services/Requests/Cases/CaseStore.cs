using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>A case as it is kept.</summary>
sealed record CaseState(Guid Id, int Version, byte[] HeadHash, CaseKept Kept)
{
    public string Etag => $"\"{Version}\"";

    /// <summary>The lead, the participants and the officers named, as <see cref="Assignments.CountsAs"/> writes them.</summary>
    public static string[] Admitted(CaseKept kept) => [kept.Lead, .. kept.Participants, .. kept.Officers];

    /// <summary>Whether an officer is of those who work on it.</summary>
    public static bool Admits(CaseKept kept, Caller caller) =>
        caller.State == kept.State && Admitted(kept).Intersect(caller.CountsAs()).Any();

    /// <summary>Whether it is restricted, and the officer is none of those who work on it.</summary>
    public bool IsClosedTo(Caller caller) => Kept.Restricted && !Admits(Kept, caller);
}

/// <summary>All SQL over the table <c>cases</c>; it is written by the ledger and read through <see cref="StateRows"/>.</summary>
sealed class CaseStore(StateRows rows)
{
    /// <summary>What the ledger keeps up to date.</summary>
    public static StateTable Table { get; } = new("cases",
    [
        ("state", NpgsqlDbType.Text), ("number", NpgsqlDbType.Text), ("restricted", NpgsqlDbType.Boolean),
        ("admitted", NpgsqlDbType.Text), ("body", NpgsqlDbType.Bytea),
    ]);

    /// <summary>The row of a case.</summary>
    public static StateRow Row(CaseKept kept) => new(Table,
        [kept.State, kept.Number, kept.Restricted, string.Join(' ', CaseState.Admitted(kept)), kept.ToByteArray()]);

    /// <summary>The case of this number, whoever asks; null when it is not kept.</summary>
    public async Task<CaseState?> Find(string state, string number, CancellationToken ct) =>
        (await rows.Query(Table, "WHERE state = $1 AND number = $2", [state, number], Read, ct)).SingleOrDefault();

    /// <summary>Cases of the officer's state that he may see, by number.</summary>
    public Task<List<CaseState>> List(Caller caller, string after, int count, CancellationToken ct) => rows.Query(
        Table, "WHERE state = $1 AND number > $2 AND (NOT restricted OR string_to_array(admitted, ' ') && $3) ORDER BY number LIMIT $4",
        [caller.State, after, caller.CountsAs(), count], Read, ct);

    static CaseState Read(StateRecord row) =>
        new(row.Id, row.Version, row.HeadHash, CaseKept.Parser.ParseFrom(row.Of<byte[]>("body")!));
}
