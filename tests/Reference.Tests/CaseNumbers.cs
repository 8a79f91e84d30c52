namespace Exchange.Reference.Tests;

/// <summary>One case, however its number is written.</summary>
public sealed class CaseNumbers
{
    [Theory]
    [InlineData("BY-2026-17")]
    [InlineData("by-2026-17")]
    [InlineData(" BY - 2026 - 17 ")]
    [InlineData("BY\u00A0-\u202F2026\t-\u200B17")]
    [InlineData("BY\u20102026\u201117")]
    [InlineData("BY\u20132026\u201417")]
    [InlineData("BY\u22122026\uFF0D17")]
    [InlineData("BY\u00AD2026\u02D717")]
    [InlineData("BY\u2043-2026\uFE58\uFE6317")]
    [InlineData("\uFF22\uFF39\u2015\uFF12\uFF10\uFF12\uFF16-17")]
    [InlineData("\U0001D401\U0001D418-2026-1\u2077")]
    [InlineData("BY\u2060-2026-17\0")]
    public void Are_written_in_many_ways(string written) => CaseNumber.Normalise(written).ShouldBe("BY-2026-17");

    [Theory]
    // One letter, or a letter and a mark.
    [InlineData("\u0419-1", "\u0418\u0306-1")]
    [InlineData("\u0439-1", "\u0438\u0306-1")]
    [InlineData("\u00C5-1", "\u212B-1")]
    // Marks in either order.
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u2116 5", "No5")]
    public void Are_the_same(string one, string other) => CaseNumber.Same(one, other).ShouldBeTrue();

    [Theory]
    [InlineData("BY-1", "BY-11")]
    [InlineData("BY1", "BY-1")]
    [InlineData("BY/1", "BY-1")]
    // Latin and Cyrillic letters that look alike stay two.
    [InlineData("A-1", "\u0410-1")]
    public void Are_different(string one, string other) => CaseNumber.Same(one, other).ShouldBeFalse();

    [Theory]
    [InlineData("")]
    [InlineData(" \u00A0\u200B")]
    public void Nothing_is_left_of_blanks(string written) => CaseNumber.Normalise(written).ShouldBeEmpty();

    [Fact]
    public void The_normal_form_of_a_normal_form_is_itself()
    {
        foreach (var code in Enumerable.Range(1, 0x10FFFF).Where(code => code is < 0xD800 or > 0xDFFF))
        {
            var normal = CaseNumber.Normalise("1" + char.ConvertFromUtf32(code) + "2");
            CaseNumber.Normalise(normal).ShouldBe(normal);
        }
    }
}
