using System.Text;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Requests.Tests;

public class ReadingCsv
{
    const int MaxRow = 64;

    const string Nasty = "\uFEFFa,\"b \"\"quoted\"\"\",c\r\n\n\"two\nlines\",\"\",Ж\u0301\r\rx,"
        + "\"unclosed,y\n1,2,3\n\"closed\"early,4\nst\"ray,5\n,,\n\"\"\"\",last";

    [Fact]
    public async Task Names_broken_rows_and_goes_on_at_the_next_line()
    {
        var rows = await Read(Encoding.UTF8.GetBytes(Nasty), 4096);

        rows.ShouldBe(
        [
            "1 None a|b \"quoted\"|c",
            "3 None two\nlines||Ж\u0301",
            "5 MalformedQuotes x",
            "6 None 1|2|3",
            "7 MalformedQuotes ",
            "8 MalformedQuotes ",
            "9 None ||",
            "10 None \"|last",
        ]);
    }

    [Fact]
    public async Task Gives_the_same_rows_wherever_the_input_is_cut()
    {
        var bytes = Encoding.UTF8.GetBytes(Nasty);
        var whole = await Read(bytes, bytes.Length);
        for (var cut = 1; cut < bytes.Length; cut++)
            (await Read(bytes, cut, bytes.Length)).ShouldBe(whole, $"cut at byte {cut}");
        (await Read(bytes, 1)).ShouldBe(whole);
    }

    [Fact]
    public void Gives_the_same_rows_for_any_input_in_any_pieces()
    {
        var texts = Gen.ArrayOf(Gen.Elements("\"", "\"\"", ",", "\r", "\n", "\r\n", "a", "Ж", "long enough to fill the buffer", "\0"));
        var pieces = Gen.NonEmptyListOf(Gen.Choose(1, 70));

        Prop.ForAll(Arb.From(texts), Arb.From(pieces), (parts, lengths) =>
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(parts));
            Described(Now(bytes, MaxRow, [.. lengths])).ShouldBe(Described(Now(bytes, MaxRow, bytes.Length + 1)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Reads_what_another_library_reads()
    {
        var fields = Gen.ArrayOf(Gen.Elements("a", "\"", ",", "\n", "\r\n", "Ж", " ", "")).Select(string.Concat);
        // One field of one row makes an empty line, which is no row here.
        var rows = Gen.NonEmptyListOf(fields.ArrayOf(3));

        Prop.ForAll(Arb.From(rows), written =>
        {
            var text = string.Concat(written.Select(row => string.Join(',', row.Select(f => $"\"{f.Replace("\"", "\"\"")}\"")) + "\r\n"));
            using var other = CsvReader.FromText(text, new() { Separator = ',', HasHeader = false });
            List<string[]> expected = [];
            while (other.Read())
                expected.Add([.. Enumerable.Range(0, other.FieldCount).Select(other.GetString)]);

            Now(Encoding.UTF8.GetBytes(text), 4096, 7).ConvertAll(row => row.Fields).ShouldBe(expected.ConvertAll(row => (string?[])row));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task Says_where_bytes_are_not_utf8()
    {
        var rows = await Rows([.. "a,"u8, 0xC6, .. ",c\n"u8], 4096, 100);

        rows.ShouldHaveSingleItem().Fields.ShouldBe(["a", null, "c"]);
    }

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    [InlineData(10_000, true)]
    public async Task Leaves_out_a_row_that_is_too_long(int length, bool tooLong)
    {
        var bytes = Encoding.UTF8.GetBytes(new string('x', length) + "\nnext\n");

        var rows = await Rows(bytes, MaxRow, 50);

        rows.ConvertAll(row => row.Defect).ShouldBe([tooLong ? CsvDefect.TooLong : CsvDefect.None, CsvDefect.None]);
        rows[1].Fields.ShouldBe(["next"]);
        rows[1].Number.ShouldBe(2);
    }

    static async Task<List<string>> Read(byte[] bytes, params int[] lengths) => Described(await Rows(bytes, MaxRow, lengths));

    static List<string> Described(List<CsvRow> rows) => rows.ConvertAll(row => $"{row.Number} {row.Defect} {string.Join('|', row.Fields)}");

    // Properties are not asynchronous; the stream is a piece of memory and never waits.
    static List<CsvRow> Now(byte[] bytes, int maxRow, params int[] lengths) => Rows(bytes, maxRow, lengths).GetAwaiter().GetResult();

    static async Task<List<CsvRow>> Rows(byte[] bytes, int maxRow, params int[] lengths)
    {
        await using var stream = new ChunkedStream(bytes, lengths);
        return await new CsvRows(stream, maxRow).Read(CancellationToken.None).ToListAsync();
    }
}
