using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// After a restore, moves the numbers of flag changes beyond all that were given since the copy was made: a watch that goes on from
/// such a number then misses nothing, though it may receive some changes again. Replicas read their column stores anew.
/// </summary>
sealed class FlagNumbers : IRestoreHandler
{
    public async Task HandleRestore(Transaction tx)
    {
        await tx.Execute("UPDATE flag_change_counter SET last_no = last_no + $1", [DatabaseHistory.Gap]);
        await tx.Execute("SELECT renew_facts_generation()", []);
    }
}
