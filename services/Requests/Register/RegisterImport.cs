using System.Runtime.ExceptionServices;
using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Exchange.Requests;

/// <summary>
/// Takes in a register: stages both files while they arrive, then brings them together and applies what is sound. It
/// observes and never acts. Nothing is stored before the last byte is there and both files could be used.
/// </summary>
sealed partial class RegisterImport(
    Database database, RequestStore store, SubjectVault vault, RequestKeys keys, LookupIndex index, RegisterFingerprint fingerprints,
    Ledger ledger, ReferenceData reference, IOptions<RequestsOptions> options, TimeProvider time, ILogger<RegisterImport> log)
{
    /// <param name="caller">An officer of this installation's own state.</param>
    /// <param name="keep">False only looks what would become of the register.</param>
    /// <param name="send">Takes progress and remarks as they come.</param>
    /// <exception cref="Refusal">The stream is not an import, or another import runs.</exception>
    public async Task<RegisterReport> Run(
        IAsyncStreamReader<ImportRegisterRequest> stream, Caller caller, bool keep, Func<ImportRegisterResponse, Task> send,
        CancellationToken ct)
    {
        using var tally = new RegisterTally(send);
        var upload = new RegisterUpload(stream, tally);
        var observedUntil = await upload.ReadHeader(reference, caller.State!, time, ct);
        var context = new RegisterContext(reference, options.Value, caller.State!, observedUntil);

        await using var staging = await RegisterStaging.Open(database, alone: keep, ct);
        await Stage(upload, staging, context, tally, ct);
        if (!tally.FileAtFault)
        {
            var whole = new RegisterMerge(staging, tally, upload.Has(RegisterFile.Subjects)).Whole(ct);
            await new RegisterApplication(store, vault, keys, index, fingerprints, ledger, time, context, caller, tally, keep)
                .Apply(whole, ct);
        }

        await tally.SendProgress();
        var report = tally.Report;
        if (keep)
            Imported(report.Added, report.Corrected, report.Unchanged, report.Faulty);
        return report;
    }

    /// <summary>Runs until the client has sent all and every row is set aside. The first failure ends all.</summary>
    static async Task Stage(RegisterUpload upload, RegisterStaging staging, RegisterContext context, RegisterTally tally,
        CancellationToken ct)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(ct);
        ExceptionDispatchInfo? first = null;
        await foreach (var task in Task.WhenEach(
            upload.Receive(all.Token),
            StageFile(RegisterFile.Requests, RequestRules.Judge, upload, staging, context, tally, all.Token),
            StageFile(RegisterFile.Subjects, SubjectRules.Judge, upload, staging, context, tally, all.Token)))
        {
            try
            {
                await task;
            }
            catch (Exception e)
            {
                first ??= ExceptionDispatchInfo.Capture(e);
                await all.CancelAsync();
            }
        }

        first?.Throw();
        if (!upload.Has(RegisterFile.Requests))
            await tally.Remarks(RegisterHeaderRow.Unusable(RegisterFile.Requests, "missing_file",
                "The requests file is missing. A register has one.").Remarks);
    }

    static async Task StageFile<T>(
        RegisterFile file, Func<RegisterRow, RegisterContext, (T?, IReadOnlyList<RegisterRemark>)> judge,
        RegisterUpload upload, RegisterStaging staging, RegisterContext context, RegisterTally tally, CancellationToken ct)
        where T : class
    {
        var reader = upload.Reader(file);
        await using (var bytes = reader.AsStream())
        {
            await foreach (var row in new RegisterFileReader(file, bytes).Rows(ct))
                await StageRow(row, judge(row, context));
        }

        await staging.Complete(file, ct);

        async Task StageRow(RegisterRow row, (T? Content, IReadOnlyList<RegisterRemark> Remarks) judged)
        {
            // A file that was not sent looks like an empty one.
            if (row.Number == 0 && !upload.Has(file))
                return;

            if (row.Number > 0)
                await tally.RowRead(file);
            if (judged.Remarks.Count > 0)
                await tally.Remarks(judged.Remarks);
            if (row.Reference.Length > 0)
                await staging.Add(row, judged.Content, ct);
            if (row.Number > 0 && file == RegisterFile.Requests && judged.Content is null)
                await tally.LeftOut();
        }
    }

    [LoggerMessage(2010, LogLevel.Information,
        "A register was taken in: {Added} added, {Corrected} corrected, {Unchanged} unchanged, {Faulty} faulty")]
    partial void Imported(long added, long corrected, long unchanged, long faulty);
}
