using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>
/// Wakes every watch of this process when this process has changed flags, after the commit; changes of other replicas are found by
/// polling.
/// </summary>
sealed class FlagSignal(TimeProvider time) : Signal(time);
