namespace Exchange.System.Tests.Faults;

/// <summary>What the one who gave a command knows of it.</summary>
enum Known
{
    /// <summary>It was answered: it must be there exactly once, everywhere.</summary>
    Ok,

    /// <summary>It was refused: it must be nowhere.</summary>
    Fail,

    /// <summary>No answer came, however often it was asked: it is there once or not at all.</summary>
    Unknown,
}

/// <summary>One intended change, as its client recorded it.</summary>
/// <param name="Step">What was to be done.</param>
/// <param name="Request">To which request; empty for a draft that was never answered.</param>
/// <param name="Commands">The ids it was given under: one, unless the client is a careless one.</param>
/// <param name="Known">What became of it.</param>
/// <param name="Version">The version it was said to have written; 0 without an answer.</param>
sealed record Operation(string Step, string Request, IReadOnlyList<Guid> Commands, Known Known, int Version);
