using Exchange.Testing;

namespace Exchange.Contracts.Tests;

public sealed class TheWireContract
{
    static readonly string Folder = Repository.PathOf("contracts/proto");

    static readonly List<ProtoFile> OurFiles =
    [
        .. from path in Directory.EnumerateFiles(Path.Combine(Folder, "exchange"), "*.proto", SearchOption.AllDirectories)
           orderby path
           select new ProtoFile(Path.GetRelativePath(Folder, path), File.ReadAllText(path)),
    ];

    [Fact]
    public void Keeps_every_number_name_and_type_once_promised() => Approved.Matches("wire.txt", Wire.Lines);

    [Theory]
    [InlineData("field exchange.requests.v1.Identifier 2 value string", "field exchange.requests.v1.Identifier 3 value string")]
    [InlineData("field exchange.requests.v1.Identifier 2 value string", "field exchange.requests.v1.Identifier 2 text string")]
    [InlineData("field exchange.requests.v1.Identifier 2 value string", "field exchange.requests.v1.Identifier 2 value bytes")]
    [InlineData("enum exchange.requests.v1.Status 14 REFUSED", "enum exchange.requests.v1.Status 20 REFUSED")]
    public void Would_notice_a_change(string promised, string changed)
    {
        Wire.Lines.ShouldContain(promised);

        Approved.Broken(Wire.Lines, Wire.Lines.Select(line => line == promised ? changed : line)).ShouldBe([promised]);
    }

    [Fact]
    public void Explains_every_message_field_enum_value_service_and_rpc() =>
        OurFiles.SelectMany(file => file.Undocumented).ShouldBeEmpty();

    [Fact]
    public void Has_no_declaration_that_the_reader_of_comments_overlooks() =>
        OurFiles.Sum(file => file.Declarations.Count()).ShouldBe(
            Wire.Messages.Sum(m => 1 + m.Fields.InDeclarationOrder().Count + m.Oneofs.Count(oneof => !oneof.IsSynthetic))
            + Wire.Enums.Sum(e => 1 + e.Values.Count)
            + Wire.Files.Sum(file => file.Extensions.UnorderedExtensions.Count)
            + Wire.Files.SelectMany(file => file.Services).Sum(s => 1 + s.Methods.Count));

    [Theory]
    [InlineData("message Bare {")]
    [InlineData("repeated string bare = 1;")]
    [InlineData("map<string, int64> bare = 2;")]
    [InlineData("exchange.requests.v1.Status bare = 3;")]
    [InlineData("oneof bare {")]
    [InlineData("enum Bare {")]
    [InlineData("BARE = 1;")]
    [InlineData("service Bare {")]
    [InlineData("rpc Bare(Ask) returns (stream Answer);")]
    public void Would_notice_a_missing_comment(string declaration)
    {
        new ProtoFile("x", $"// Explained well.\n\n{declaration}\n").Undocumented.ShouldBe([$"x: {declaration}"]);
        new ProtoFile("x", $"//\n{declaration}\n").Undocumented.ShouldBe([$"x: {declaration}"]);
        new ProtoFile("x", $"// Explained well.\n{declaration}\n").Undocumented.ShouldBeEmpty();
    }

    [Fact]
    public void Imports_nothing_that_a_stranger_would_have_to_look_for() =>
        OurFiles.SelectMany(file => file.Imports)
            .Where(import => !import.StartsWith("google/protobuf/", StringComparison.Ordinal) && !File.Exists(Path.Combine(Folder, import)))
            .ShouldBeEmpty();

    [Fact]
    public void Imports_are_read_at_all() =>
        new ProtoFile("x", "import \"google/api/annotations.proto\";\n").Imports.ShouldBe(["google/api/annotations.proto"]);
}
