using Google.Protobuf.WellKnownTypes;

namespace Exchange.Platform.Tests;

/// <summary>The canonical bytes of an entry.</summary>
public sealed class ReadingEntries
{
    [Fact]
    public void An_entry_is_read_as_it_was_written_and_no_two_are_alike()
    {
        var said = new StringValue { Value = "said" };
        byte[][] entries = [EntryBytes.Of(said), EntryBytes.Of(said)];

        entries.ShouldAllBe(entry => entry[0] == 2 && entry.Length == 17 + said.CalculateSize());
        entries.Select(entry => EntryBytes.Parse(entry, StringValue.Parser)).ShouldAllBe(read => read.Equals(said));
        Convert.ToHexString(entries[0].AsSpan(1, 16)).ShouldNotBe(Convert.ToHexString(entries[1].AsSpan(1, 16)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0A0473616964")]
    [InlineData("0100000000000000000000000000000000")]
    [InlineData("0300000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000000A04")]
    public void Other_bytes_are_no_entry(string bytes) =>
        Should.Throw<InvalidDataException>(() => EntryBytes.Parse(Convert.FromHexString(bytes), StringValue.Parser));
}
