namespace Exchange.System.Tests;

/// <summary>What runs in containers runs by itself: two cores carry one installation of nine processes and two servers at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InContainers
{
    public const string Name = "In containers";
}
