using System.IO.Pipelines;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

/// <summary>
/// The client's stream: first the header, then both files in pieces. It is read no faster than the files are dealt with,
/// and cut off it makes both files fail.
/// </summary>
sealed class RegisterUpload(IAsyncStreamReader<ImportRegisterRequest> stream, RegisterTally tally)
{
    const int MaxChunk = 1 << 20;

    readonly Pipe requests = new(new(pauseWriterThreshold: MaxChunk, resumeWriterThreshold: MaxChunk / 2));
    readonly Pipe subjects = new(new(pauseWriterThreshold: MaxChunk, resumeWriterThreshold: MaxChunk / 2));
    readonly HashSet<RegisterFile> seen = [];
    readonly HashSet<RegisterFile> unread = [];

    public PipeReader Reader(RegisterFile file) => PipeOf(file).Reader;

    /// <summary>Whether the client sent this file at all; known when <see cref="Receive"/> has ended.</summary>
    public bool Has(RegisterFile file) => seen.Contains(file);

    /// <exception cref="Refusal">The stream does not start with a header, or it has faults: all are named.</exception>
    public async Task<DateOnly> ReadHeader(ReferenceData reference, string state, TimeProvider time, CancellationToken ct)
    {
        if (!await stream.MoveNext(ct) || stream.Current.PartCase != ImportRegisterRequest.PartOneofCase.Header)
            throw RegisterRefusals.HeaderFirst();

        List<Violation> violations = [];
        var header = stream.Current.Header;
        if (!CommandIdentity.TryParseId(header.CommandId, out _))
            violations.Add(new("header.command_id", CommandIdentity.IdFault));
        var observedUntil = LegalDay.ParseEntered(header.ObservedUntil);
        if (observedUntil is not { } day)
            violations.Add(new("header.observed_until", "must be a calendar day since 1900, YYYY-MM-DD."));
        else if (reference.Today(state, time) is var today && day > today)
            violations.Add(new("header.observed_until", $"must not be after today, {today.ToIso()} in {state}."));
        return violations.Count == 0 ? observedUntil!.Value : throw Refusal.Invalid(violations);
    }

    /// <summary>Hands the pieces on until the client has sent all.</summary>
    /// <exception cref="Refusal">A message that has no place here.</exception>
    public async Task Receive(CancellationToken ct)
    {
        Exception? broken = null;
        try
        {
            while (await stream.MoveNext(ct))
                await Take(stream.Current, ct);
        }
        catch (Exception e)
        {
            broken = e;
            throw;
        }
        finally
        {
            await requests.Writer.CompleteAsync(broken);
            await subjects.Writer.CompleteAsync(broken);
        }
    }

    async Task Take(ImportRegisterRequest message, CancellationToken ct)
    {
        if (message.PartCase == ImportRegisterRequest.PartOneofCase.Header)
            throw RegisterRefusals.HeaderFirst();

        List<Violation> violations = [];
        var chunk = message.Chunk;
        if (chunk is null)
            violations.Add(new("part", "must be a chunk after the header."));
        if (chunk is { File: not (RegisterFile.Requests or RegisterFile.Subjects) })
            violations.Add(new("chunk.file", "must be REQUESTS or SUBJECTS."));
        if (chunk is { Data.Length: > MaxChunk })
            violations.Add(new("chunk.data", $"must not be longer than {MaxChunk} bytes; send the file in more pieces."));
        if (violations.Count > 0)
            throw Refusal.Invalid(violations);

        seen.Add(chunk!.File);
        await tally.BytesRead(chunk.Data.Length);
        // A file that cannot be used is read no further; the rest of it is let go by.
        if (!unread.Contains(chunk.File) && (await PipeOf(chunk.File).Writer.WriteAsync(chunk.Data.Memory, ct)).IsCompleted)
            unread.Add(chunk.File);
    }

    Pipe PipeOf(RegisterFile file) => file == RegisterFile.Subjects ? subjects : requests;
}
