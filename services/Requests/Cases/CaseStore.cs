using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Google.Protobuf;
using NpgsqlTypes;

namespace Exchange.Requests;

/// <summary>All SQL over the table <c>cases</c>; it is written by the ledger and read through <see cref="StateRows"/>.</summary>
sealed class CaseStore(StateRows rows, RequestKeys keys, LookupIndex index)
{
    /// <summary>What the ledger keeps up to date.</summary>
    public static StateTable Table { get; } = new("cases",
    [
        ("state", NpgsqlDbType.Text), ("number_index", NpgsqlDbType.Text), ("restricted", NpgsqlDbType.Boolean),
        ("admitted", NpgsqlDbType.Text), ("opened_by", NpgsqlDbType.Text), ("body", NpgsqlDbType.Bytea),
    ]);

    /// <summary>The row of a case.</summary>
    public static StateRow Row(CaseKept kept, string openedBy) => new(Table,
        [kept.State, kept.NumberIndex, kept.Restricted, string.Join(' ', kept.AdmittedIndex), openedBy, kept.ToByteArray()]);

    /// <summary>Whether an index is that of a number, however it is written: also where the number itself was erased.</summary>
    public bool IsNumber(string number, string caseIndex) => index.OfCase(number) == caseIndex;

    /// <summary>The case of this number, however it is written and whoever asks; null when it is not kept.</summary>
    public async Task<CaseState?> Find(string state, string number, CancellationToken ct) =>
        (await Query("WHERE state = $1 AND number_index = $2", [state, index.OfCase(number)], ct)).SingleOrDefault();

    /// <summary>
    /// Cases of the officer's state that he may see, by the normal form of their numbers. The database knows no numbers to sort by;
    /// cases are few, and all of the state are read.
    /// </summary>
    /// <param name="after">The normal form of the number before the first.</param>
    public async Task<List<CaseState>> List(Caller caller, string after, int count, CancellationToken ct) =>
    [
        .. (await Query("WHERE state = $1 AND (NOT restricted OR string_to_array(admitted, ' ') && $2)",
                [caller.State, index.Of(caller)], ct))
            .Select(one => (Number: CaseNumber.Normalise(one.Particulars.Number), Case: one))
            .Where(one => string.CompareOrdinal(one.Number, after) > 0)
            .OrderBy(one => one.Number, StringComparer.Ordinal).Take(count).Select(one => one.Case),
    ];

    /// <summary>The indices of the numbers of the cases of the officer's state that are closed to him.</summary>
    public async Task<HashSet<string>> ClosedTo(Caller caller, CancellationToken ct) =>
    [
        .. await rows.Query(Table, "WHERE state = $1 AND restricted AND NOT string_to_array(admitted, ' ') && $2",
            [caller.State, index.Of(caller)], row => row.Of<string>("number_index")!, ct),
    ];

    async Task<List<CaseState>> Query(string rest, object?[] args, CancellationToken ct)
    {
        var found = await rows.Query(Table, rest, args,
            row => (row.Id, row.Version, row.HeadHash, Kept: CaseKept.Parser.ParseFrom(row.Of<byte[]>("body")!),
                OpenedBy: row.Of<string>("opened_by")!), ct);
        var known = await keys.Load([.. found.Select(row => row.Id)], ct);
        return found.ConvertAll(row => new CaseState(row.Id, row.Version, row.HeadHash, row.Kept, row.OpenedBy,
            known.GetValueOrDefault(row.Id).Read(RequestKey.Particulars, row.Kept.EncryptedParticulars, CaseParticulars.Parser)));
    }
}
