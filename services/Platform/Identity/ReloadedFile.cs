using System.Text;

namespace Exchange.Platform;

/// <summary>
/// A value read from files and read again when one of them changes, so that certificates are replaced without a restart.
/// Looks at the disk only when asked, and at most once a second. When a new state of the files cannot be read, the last
/// good value stays (a rotation writes two files, one after the other) and <paramref name="failed"/> hears of it.
/// </summary>
sealed class ReloadedFile<T>(Func<IEnumerable<string>> files, Func<T> load, Action<Exception> failed, TimeProvider time)
    where T : class
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    volatile T? current;
    string? seen;
    long lookedAt;

    /// <exception cref="IOException">The files could not be read the first time.</exception>
    public T Current
    {
        get
        {
            if (current is { } fresh && time.GetElapsedTime(Volatile.Read(ref lookedAt)) < BetweenLooks)
                return fresh;
            lock (gate)
                return Look();
        }
    }

    T Look()
    {
        if (current is { } fresh && time.GetElapsedTime(lookedAt) < BetweenLooks)
            return fresh;

        try
        {
            // Taken before the files are read: what changes while we read is then noticed at the next look.
            var stamp = Stamp();
            if (current is null || stamp != seen)
            {
                current = load();
                seen = stamp;
            }
        }
        catch (Exception e) when (current is not null)
        {
            failed(e);
        }

        Volatile.Write(ref lookedAt, time.GetTimestamp());
        return current;
    }

    string Stamp()
    {
        var stamp = new StringBuilder();
        foreach (var path in files().Order(StringComparer.Ordinal))
        {
            var file = new FileInfo(path);
            stamp.Append(path).Append('|').Append(file.Exists ? file.Length : -1)
                .Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
        }
        return stamp.ToString();
    }
}
