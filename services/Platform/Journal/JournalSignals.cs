namespace Exchange.Platform;

/// <summary>Appends were committed: there is something to seal.</summary>
public sealed class AppendedSignal(TimeProvider time) : Signal(time);

/// <summary>This process sealed something; for the workers that follow its own journal.</summary>
public sealed class SealedSignal(TimeProvider time) : Signal(time);
