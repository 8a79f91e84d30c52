using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// After a restore the numbers of flag changes leap beyond all that were told since the copy was made: who watches from such
/// a number hears everything told after it, though some of it for the second time. What replicas hold in memory is read again.
/// </summary>
sealed class FlagNumbers : IRestored
{
    public async Task Restored(Transaction tx)
    {
        await tx.Execute("UPDATE flag_change_counter SET last_no = last_no + $1", [History.Gap]);
        await tx.Execute("SELECT renew_facts_generation()", []);
    }
}
