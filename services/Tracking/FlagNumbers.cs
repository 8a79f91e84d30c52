using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// After a restore the numbers of flag changes leap beyond all that were told since the copy was made: who watches from such
/// a number hears everything told after it, though some of it for the second time.
/// </summary>
sealed class FlagNumbers : IRestored
{
    public Task Restored(Transaction tx) => tx.Execute("UPDATE flag_change_counter SET last_no = last_no + $1", [History.Gap]);
}
