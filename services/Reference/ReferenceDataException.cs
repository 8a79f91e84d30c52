namespace Exchange.Reference;

/// <summary>Reference tables cannot be used. The message names every fault, one per line.</summary>
public sealed class ReferenceDataException(IReadOnlyList<string> faults)
    : Exception("Reference data is faulty:" + Environment.NewLine + string.Join(Environment.NewLine, faults))
{
    /// <summary>Each with file and row (the header is row 1) and what is wrong.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
