using System.Text;

namespace Exchange.Requests.Tests;

public sealed class StagingRows : IAsyncLifetime
{
    RegisterFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await RegisterFixture.Open();

    public async ValueTask DisposeAsync() => await fixture.DisposeAsync();

    [Fact]
    public async Task Gives_the_rows_back_by_the_bytes_of_their_reference()
    {
        await using var file = await StagedFile.Open(fixture.Database, null, default);
        foreach (var (reference, number) in new[] { ("б-1", 5L), ("a-1", 4L), ("Z-1", 3L), ("a-1", 2L), ("𐐷-1", 6L), ("\uFFFD-1", 7L) })
            await file.Add(Encoding.UTF8.GetBytes(reference), number, Encoding.UTF8.GetBytes($"content {number}"), default);
        await file.Add("a-1"u8.ToArray(), 8, null, default);
        await file.Complete(default);

        var rows = await file.InOrder(default).ToListAsync();

        rows.ConvertAll(row => row.Number).ShouldBe([3, 2, 4, 8, 5, 7, 6]);
        rows.ConvertAll(row => row.Content is null ? null : Encoding.UTF8.GetString(row.Content))
            .ShouldBe(["content 3", "content 2", "content 4", null, "content 5", "content 7", "content 6"]);
    }

    [Fact]
    public async Task Leaves_nothing_behind()
    {
        await using (var file = await StagedFile.Open(fixture.Database, 42, default))
            await file.Add("a-1"u8.ToArray(), 1, [1], default);

        (await fixture.Count("pg_class WHERE relname = 'register_rows'")).ShouldBe(0);
        await using var next = await StagedFile.Open(fixture.Database, 42, default);
    }

    [Fact]
    public async Task Leaves_no_content_readable_in_the_files_of_the_server()
    {
        await using var file = await StagedFile.Open(fixture.Database, null, default);
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("Канарейкина", 50)));
        // More than the session's buffers hold, so that pages have gone to disk.
        for (var number = 1; number <= 20_000; number++)
            await file.Add(Encoding.UTF8.GetBytes($"REFERENCE-{number}"), number, content, default);
        await file.Complete(default);

        (await FilesHold("REFERENCE-")).ShouldBeTrue("what is not encrypted shows that the right files were searched");
        (await FilesHold("Канарейкина")).ShouldBeFalse();
    }

    async Task<bool> FilesHold(string text) => (await fixture.Administrator.Query(
        """
        WITH folder AS (SELECT 'base/' || oid AS name FROM pg_database WHERE datname = current_database())
        SELECT coalesce(bool_or(position($1 IN pg_read_binary_file(folder.name || '/' || file)) > 0), false)
        FROM folder, pg_ls_dir(folder.name) AS file WHERE file LIKE 't%'
        """, [Encoding.UTF8.GetBytes(text)], row => row.GetBoolean(0), default)).Single();
}
