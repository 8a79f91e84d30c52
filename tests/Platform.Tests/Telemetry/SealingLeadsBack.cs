using System.Diagnostics;
using Exchange.Testing;

namespace Exchange.Platform.Tests;

/// <summary>From an entry one finds the trace of the call that wrote it, and from there what was made of it later.</summary>
public sealed class SealingLeadsBack
{
    [Fact]
    public async Task The_trace_of_the_call_stands_beside_the_entry_and_the_sealer_links_to_it()
    {
        using var heard = new HeardSpans("Exchange.Background");
        await using var bench = await Workbench.Create();
        var ledger = await bench.Start(bench.Ledger());
        using var call = new Activity("call").Start();
        call.ActivityTraceFlags = ActivityTraceFlags.Recorded;

        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);
        await bench.Start(bench.Sealer());

        await Eventually.Holds(() =>
        {
            var sealing = heard.LinkingTo(call.Context).ShouldHaveSingleItem();
            sealing.DisplayName.ShouldBe("seal journal");
            sealing.ParentSpanId.ShouldBe(default);
            sealing.GetTagItem("exchange.entries").ShouldBe(1);
        });
        (await bench.One<string>("SELECT trace_parent FROM journal")).ShouldBe(call.Id);
    }

    [Fact]
    public async Task An_entry_of_a_call_that_sends_no_trace_has_none()
    {
        await using var bench = await Workbench.Create();
        var ledger = await bench.Start(bench.Ledger());
        using var call = new Activity("call").Start();

        await ledger.Append(Workbench.Item(Guid.CreateVersion7(), 1), CancellationToken.None);

        (await bench.One<bool>("SELECT trace_parent IS NULL FROM journal")).ShouldBeTrue();
    }
}
