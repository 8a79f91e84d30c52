using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Counts what becomes of a register's rows and tells the client as it goes. Both files may report at once.</summary>
/// <param name="send">Takes one message at a time; slow when the client is.</param>
sealed class RegisterTally(Func<ImportRegisterResponse, Task> send) : IDisposable
{
    const int ProgressEvery = 1_000;

    readonly SemaphoreSlim turn = new(1);
    readonly RegisterProgress progress = new();

    public RegisterReport Report { get; } = new();

    /// <summary>A file cannot be used; nothing of the register may be stored.</summary>
    public bool FileAtFault { get; private set; }

    public Task BytesRead(int count) => InTurn(() =>
    {
        progress.BytesRead += count;
        return Task.CompletedTask;
    });

    public Task RowRead(RegisterFile file) => InTurn(() =>
    {
        var count = file == RegisterFile.Subjects
            ? Report.SubjectRows = ++progress.SubjectRowsRead
            : Report.RequestRows = ++progress.RequestRowsRead;
        return count % ProgressEvery == 0 ? SendProgress() : Task.CompletedTask;
    });

    public Task Remarks(IEnumerable<RegisterRemark> remarks) => InTurn(async () =>
    {
        foreach (var remark in remarks)
        {
            FileAtFault |= remark is { Row: 0, Severity: Severity.Fault };
            if (remark.Severity == Severity.Fault)
                Report.Faults++;
            else
                Report.Warnings++;
            await send(new() { Remark = remark });
        }
    });

    /// <summary>So many rows of the requests file were dealt with.</summary>
    public Task Done(int rows, Action<RegisterReport> count) => InTurn(() =>
    {
        count(Report);
        var before = progress.RequestRowsDone;
        progress.RequestRowsDone += rows;
        return before / ProgressEvery == progress.RequestRowsDone / ProgressEvery ? Task.CompletedTask : SendProgress();
    });

    /// <summary>A row of the requests file is left out; the remarks have said why.</summary>
    public Task LeftOut() => Done(1, report => report.Faulty++);

    /// <summary>Sends the progress as it stands.</summary>
    public Task SendProgress() => send(new() { Progress = progress.Clone() });

    public void Dispose() => turn.Dispose();

    async Task InTurn(Func<Task> work)
    {
        await turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }
}
