using Microsoft.Extensions.Time.Testing;

namespace Exchange.Requests.Tests;

/// <summary>Human references on a real database: gaps are allowed, repeats are not.</summary>
public sealed class GivingReferences : IAsyncLifetime
{
    RegisterFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await RegisterFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Two_replicas_never_give_the_same_one()
    {
        References one = new(fixture.Database, TimeProvider.System), other = new(fixture.Database, TimeProvider.System);

        var given = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : other).Next("BY", 2026, default)));

        given.ShouldBeUnique();
        given.ShouldAllBe(reference => RequestName.IsReference(reference) && reference.StartsWith("BY-2026-", StringComparison.Ordinal));
    }

    // Half past ten in the evening of UTC is the next year in Minsk, where numbers are given in it.
    [Fact]
    public async Task After_a_restore_on_the_eve_of_a_year_numbers_of_both_years_leap()
    {
        await fixture.Import([RegisterText.With("reference=BY-2007-000123")]);
        var references = new References(fixture.Database, new FakeTimeProvider(new(2026, 12, 31, 22, 30, 0, TimeSpan.Zero)));

        await fixture.Database.InTransaction(async tx =>
        {
            await references.HandleRestore(tx);
            return true;
        }, default);

        (await references.Next("BY", 2026, default)).ShouldBe("BY-2026-010001");
        (await references.Next("BY", 2027, default)).ShouldBe("BY-2027-010001");
    }

    [Fact]
    public async Task The_first_comes_after_those_of_a_register()
    {
        await fixture.Import([RegisterText.With("reference=BY-2007-000123")]);

        (await new References(fixture.Database, TimeProvider.System).Next("BY", 2007, default)).ShouldBe("BY-2007-000124");
        (await new References(fixture.Database, TimeProvider.System).Next("BY", 2008, default)).ShouldBe("BY-2008-000001");
    }
}
