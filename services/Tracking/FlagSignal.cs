using Exchange.Platform;

namespace Exchange.Tracking;

/// <summary>Wakes every watch of this process when flags have changed here; what changes in another replica is found by looking.</summary>
sealed class FlagSignal(TimeProvider time) : Signal(time);
