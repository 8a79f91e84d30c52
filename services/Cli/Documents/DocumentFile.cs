namespace Exchange.Cli;

/// <summary>Files of documents on this machine.</summary>
static class DocumentFile
{
    static readonly Dictionary<string, string> MediaTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        [".pdf"] = "application/pdf", [".txt"] = "text/plain", [".csv"] = "text/csv", [".json"] = "application/json",
        [".xml"] = "application/xml",
        [".zip"] = "application/zip", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".png"] = "image/png", [".tif"] = "image/tiff",
        [".tiff"] = "image/tiff", [".mp3"] = "audio/mpeg", [".wav"] = "audio/wav", [".mp4"] = "video/mp4",
        [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".odt"] = "application/vnd.oasis.opendocument.text",
    };

    public static string MediaType(string path) => MediaTypes.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream");

    public static FileStream Read(string path) =>
        Opened(path, "read", () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    public static FileStream Write(string path) =>
        Opened(path, "written", () => new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    /// <summary>
    /// Fills the buffer as far as there is something; trouble with the disk must not look like trouble with the connection.
    /// </summary>
    public static Task<int> Next(FileStream file, byte[] piece, CancellationToken stop) => OnDisk(file, "read", async () =>
        await file.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, stop));

    public static Task<int> Append(FileStream file, ReadOnlyMemory<byte> data, CancellationToken stop) =>
        OnDisk(file, "written", async () =>
    {
        await file.WriteAsync(data, stop);
        return data.Length;
    });

    static async Task<int> OnDisk(FileStream file, string what, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (IOException problem)
        {
            throw new CommandException(ExitCode.Failed, $"{file.Name} cannot be {what} to its end: {problem.Message}");
        }
    }

    static FileStream Opened(string path, string what, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{path} cannot be {what}.",
                "Does it exist, may you, and does nobody else have it open?");
        }
    }
}
