using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Both files of a register, set aside while they arrive and given back ordered by reference.</summary>
sealed class RegisterStaging(StagedFile requests, StagedFile subjects) : IAsyncDisposable
{
    const long Lock = 0x45584348_52454749; // "EXCHREGI"

    // Escaped Cyrillic would take three times the room.
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public IAsyncEnumerable<StagedRow> Requests(CancellationToken ct) => requests.InOrder(ct);

    public IAsyncEnumerable<StagedRow> Subjects(CancellationToken ct) => subjects.InOrder(ct);

    /// <param name="alone">No other such staging may be open in this installation.</param>
    /// <exception cref="Refusal">Another one is open.</exception>
    public static async Task<RegisterStaging> Open(Database database, bool alone, CancellationToken ct)
    {
        var requests = await StagedFile.Open(database, alone ? Lock : null, ct);
        try
        {
            return new(requests, await StagedFile.Open(database, null, ct));
        }
        catch
        {
            await requests.DisposeAsync();
            throw;
        }
    }

    /// <param name="content">What the row says; null when it has a fault.</param>
    public Task Add<T>(RegisterRow row, T? content, CancellationToken ct)
        where T : class =>
        FileOf(row.File).Add(Encoding.UTF8.GetBytes(row.Reference), row.Number,
            content is null ? null : JsonSerializer.SerializeToUtf8Bytes(content, Json), ct);

    public Task Complete(RegisterFile file, CancellationToken ct) => FileOf(file).Complete(ct);

    public static T Content<T>(byte[] content) => JsonSerializer.Deserialize<T>(content, Json)!;

    public async ValueTask DisposeAsync()
    {
        await requests.DisposeAsync();
        await subjects.DisposeAsync();
    }

    StagedFile FileOf(RegisterFile file) => file == RegisterFile.Subjects ? subjects : requests;
}
