namespace Exchange.System.Tests.Faults;

/// <summary>How long the fault tests go on: a minute or two together, or as long as <c>tests/run fault --long</c> wants.</summary>
static class FaultRun
{
    /// <summary>Rounds of a fault.</summary>
    public static int Rounds(int shortly, int fully) => Environment.GetEnvironmentVariable("EXCHANGE_FAULTS") == "long" ? fully : shortly;
}
