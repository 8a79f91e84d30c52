using Exchange.Testing;

namespace Exchange.System.Tests.Faults;

/// <summary>
/// An exchange in which things are broken, one client that remembers everything, and the checker that asks it afterwards.
/// </summary>
public abstract class ExchangeUnderFire : IAsyncLifetime
{
    internal RunningExchange Exchange { get; private set; } = null!;

    internal RecordingClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Exchange = await Start();
        Client = new(Exchange);
    }

    public virtual async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Exchange.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal abstract Task<RunningExchange> Start();

    /// <summary>Officers work while something breaks; in the end nothing may be lost, twice or wrong.</summary>
    internal async Task WhileOfficersWork(Func<OfficersAtWork, Task> something)
    {
        var officers = new OfficersAtWork(Client).Begin(8);
        try
        {
            await officers.Answer(3);
            await something(officers);
        }
        finally
        {
            await officers.End();
        }
        await Exchange.Settled();
        (await new Checker(Exchange, Client).Faults()).ShouldBeEmpty();
    }
}
