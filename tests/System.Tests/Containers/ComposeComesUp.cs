namespace Exchange.System.Tests;

/// <summary>The short look at <c>deploy/compose</c>, which every run of the tests takes.</summary>
[Collection(InContainers.Name)]
public sealed class ComposeComesUp
{
    [Fact]
    public async Task Shows_the_table_and_transmits_a_letter_and_goes_without_a_trace()
    {
        await using var installation = await ComposeInstallation.Prepare();
        await installation.Up();
        LettersInContainers.Table(installation.Told);

        var reference = await installation.Transmit();
        (await installation.StatusOf(reference)).ShouldBe("TRANSMITTED");
        (await installation.Exchange("trace", reference)).ShouldContain($"http://127.0.0.1:{installation.ViewerPort}/traces/detail/");

        await installation.Down();
        await installation.IsDown();
    }
}
