using System.Text;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

public class ReadingARegisterFile
{
    const string Header = "reference,role,name,birth_date,document_number,phone,vehicle_plate,vin";

    [Fact]
    public async Task Takes_columns_in_any_order_and_passes_over_unknown_ones()
    {
        var rows = await Read(
            "name,note,vin,vehicle_plate,phone,document_number,birth_date,role,reference\r\n Anna ,x,,,,,,victim,BY-1\r\n");

        rows[0].Remarks.ShouldHaveSingleItem().Code.ShouldBe("unknown_column");
        rows[0].ConcernsFile.ShouldBeFalse();
        rows[1].Reference.ShouldBe("BY-1");
        rows[1]["name"].ShouldBe("Anna");
        rows[1].Number.ShouldBe(2);
    }

    [Fact]
    public async Task Takes_a_byte_order_mark()
    {
        var rows = await Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Header + "\nBY-1,victim,Жанна,,,,,")]);

        rows.ShouldHaveSingleItem()["name"].ShouldBe("Жанна");
    }

    [Fact]
    public async Task Counts_rows_as_a_spreadsheet_does()
    {
        var rows = await Read(Header + "\n\"BY-1\",victim,\"two\nlines\",,,,,\n,,,,,,,\n\nBY-2,victim,x,,,,,\n");

        rows.ConvertAll(row => row.Number).ShouldBe([2, 5]);
    }

    public static TheoryData<byte[], string> UnusableFiles() => new()
    {
        { Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Header)).ToArray(), "not_utf8" },
        { Encoding.BigEndianUnicode.GetBytes(Header), "not_utf8" },
        { [0xEF, 0xEE, 0xEC, (byte)'\n'], "not_utf8" },
        { Encoding.UTF8.GetBytes(Header.Replace(',', ';')), "wrong_separator" },
        { Encoding.UTF8.GetBytes(Header.Replace("role,", "")), "missing_column" },
        { Encoding.UTF8.GetBytes(Header + ",role"), "repeated_column" },
        { Encoding.UTF8.GetBytes("\"reference,role\n"), "malformed_header" },
    };

    [Theory]
    [MemberData(nameof(UnusableFiles))]
    public async Task Refuses_a_file_it_cannot_use_with_one_clear_fault(byte[] bytes, string code)
    {
        var row = (await Read([.. bytes, .. "\nBY-1,victim,Canary,,,,,"u8])).ShouldHaveSingleItem();

        row.ConcernsFile.ShouldBeTrue();
        row.Remarks.ShouldHaveSingleItem().Code.ShouldBe(code);
    }

    [Fact]
    public async Task Refuses_an_empty_file() =>
        (await Read("")).ShouldHaveSingleItem().Remarks.ShouldHaveSingleItem().Code.ShouldBe("empty_file");

    [Theory]
    [InlineData("BY-1,victim,x", "wrong_field_count", "")]
    [InlineData("BY-1,victim,\"x\"y,,,,,", "malformed_quotes", "")]
    [InlineData("BY-1,victim,x\u0001,,,,,", "control_character", "name")]
    public async Task Names_a_row_that_cannot_be_read(string line, string code, string field)
    {
        var rows = await Read($"{Header}\n{line}\nBY-2,victim,y,,,,,");

        rows[0].IsReadable.ShouldBeFalse();
        rows[0].Reference.ShouldBe("BY-1");
        var remark = rows[0].Remarks.ShouldHaveSingleItem();
        (remark.Code, remark.Field, remark.Row, remark.Severity).ShouldBe((code, field, 2, Severity.Fault));
        rows[1].IsReadable.ShouldBeTrue();
    }

    [Fact]
    public async Task Names_every_field_that_is_not_utf8()
    {
        // Windows-1251, as old exports are.
        var rows = await Read([.. Encoding.ASCII.GetBytes(Header + "\nBY-1,victim,"), 0xC0, 0xED, .. ",,"u8, 0xC2, .. ",,,\n"u8]);

        rows.ShouldHaveSingleItem().Remarks.Select(r => (r.Code, r.Field))
            .ShouldBe([("not_utf8", "name"), ("not_utf8", "document_number")]);
    }

    [Fact]
    public async Task Names_a_field_that_is_too_long()
    {
        var rows = await Read($"{Header}\nBY-1,victim,{new string('x', 2_001)},,,,,");

        rows.ShouldHaveSingleItem().Remarks.ShouldHaveSingleItem().Code.ShouldBe("field_too_long");
    }

    [Fact]
    public async Task Never_takes_a_name_for_a_reference()
    {
        var rows = await Read(Header + "\nDubrouski Mikhail,victim,BY-1");

        rows.ShouldHaveSingleItem().Reference.ShouldBeEmpty();
    }

    static Task<List<RegisterRow>> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    static async Task<List<RegisterRow>> Read(byte[] bytes)
    {
        await using var stream = new ChunkedStream(bytes, 5, 1, 300);
        return await new RegisterFileReader(RegisterFile.Subjects, stream).Rows(CancellationToken.None).ToListAsync();
    }
}
