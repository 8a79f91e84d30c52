using System.Security.Cryptography;
using Exchange.Requests.V1;
using Exchange.Testing;
using Grpc.Core;
using Status = Exchange.Requests.V1.Status;

namespace Exchange.Requests.Tests;

[Collection(Documented.Name)]
public sealed class BreakingConnections(DocumentFixture fixture)
{
    const int Breaks = 3;
    const int Length = 100 << 20;

    /// <summary>Less than the document: who held all of it at once would be found out.</summary>
    const long Flat = 90 << 20;

    [Fact]
    public async Task A_hundred_megabytes_arrive_and_are_read_whole_over_a_connection_that_breaks_three_times()
    {
        var content = Courier.Made(Length);
        await using var proxy = CuttingProxy.Before("localhost", fixture.Service.GrpcPort);
        var courier = fixture.As("investigator", proxy.Port);
        var request = await fixture.File(Status.Transmitted);
        await courier.HandIn(request, Courier.Made(Courier.Piece)); // The first use of anything costs memory once.
        var before = fixture.Service.CurrentMemory;
        fixture.Service.ForgetPeak();

        var upload = await courier.Announce(request, content);
        await OverBreaks(proxy, () => upload.Received, async () => upload = await courier.Send(await courier.Look(upload.Name), content),
            async () => upload = await courier.Look(upload.Name));
        var document = await courier.Complete(upload);
        using var into = new MemoryStream(Length);
        await OverBreaks(proxy, () => into.Length, () => courier.Read(document.Name, into), () => Task.CompletedTask);

        document.Sha256.ToByteArray().ShouldBe(SHA256.HashData(content));
        SHA256.HashData(into.GetBuffer().AsSpan(0, (int)into.Length)).ShouldBe(document.Sha256.ToByteArray());
        (fixture.Service.PeakMemory - before).ShouldBeLessThan(Flat);
        (await courier.Custody(document.Name)).Entries.Select(entry => entry.Handling)
            .ShouldBe([Handling.Received, .. Enumerable.Repeat(Handling.Read, Breaks + 1)]);
    }

    [Fact]
    public async Task A_service_that_was_killed_goes_on_where_it_was()
    {
        var content = Courier.Made(40 * Courier.Piece);
        var request = await fixture.File(Status.Draft);
        var courier = fixture.As("investigator");
        var upload = await courier.Announce(request, content);

        var sending = RefusedCall.Of(() => courier.Send(upload, content));
        await Eventually.Holds(async () => (await courier.Look(upload.Name)).Received.ShouldBeGreaterThan(4 * Courier.Piece));
        var safe = (await courier.Look(upload.Name)).Received;
        await fixture.Service.Kill();
        await sending;
        await fixture.Service.Restart();

        await Eventually.Holds(async () => upload = await courier.Look(upload.Name));
        upload.Received.ShouldBeInRange(safe, content.Length - Courier.Piece);
        var document = await courier.Complete(await courier.Send(upload, content));
        (await courier.Read(document.Name)).ShouldBe(content);
    }

    /// <summary>
    /// Does it again and again until all is there, cutting it off a few times on the way; each time what was there stays.
    /// </summary>
    static async Task OverBreaks(CuttingProxy proxy, Func<long> done, Func<Task> work, Func<Task> afterBreak)
    {
        for (var broken = 0; done() < Length;)
        {
            var before = done();
            if (broken < Breaks)
                proxy.CutAfter(Length / (Breaks + 1));
            try
            {
                await work();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled
                && broken < Breaks)
            {
                broken++;
                await afterBreak();
                done().ShouldBeGreaterThan(before);
            }
            if (done() == Length)
                broken.ShouldBe(Breaks);
        }
    }
}
