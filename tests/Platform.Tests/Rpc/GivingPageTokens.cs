namespace Exchange.Platform.Tests;

/// <summary>Tokens as lists give them away: what is told to callers must be read by every version.</summary>
public sealed class GivingPageTokens
{
    sealed record Place(string Name, int Number);

    [Fact]
    public void A_record_is_JSON_in_base64()
    {
        var token = PageToken.Encode(new Place("a?>", 7));

        token.ShouldBe("eyJOYW1lIjoiYT9cdTAwM0UiLCJOdW1iZXIiOjd9");
        PageToken.Decode<Place>(token).ShouldBe(new("a?>", 7));
    }

    [Fact]
    public void Bytes_are_read_in_both_alphabets()
    {
        byte[] bytes = [0xfb, 0xff, 0xfe, 0x01];

        PageToken.EncodeBytes(bytes).ShouldBe("+//+AQ==");
        PageToken.EncodeBytes(bytes, urlSafe: true).ShouldBe("-__-AQ");
        foreach (var token in (string[])["+//+AQ==", "-__-AQ"])
        {
            PageToken.TryDecodeBytes(token, out var read).ShouldBeTrue();
            read.ShouldBe(bytes);
        }
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("%%%%")]
    [InlineData("bm8gSlNPTg==")]
    [InlineData("AAAA")]
    public void What_is_no_token_is_none(string token) => PageToken.Decode<Place>(token).ShouldBeNull();
}
