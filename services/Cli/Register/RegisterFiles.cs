using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Cli;

/// <summary>The files of a register on this machine, and how they are sent.</summary>
sealed class RegisterFiles
{
    const int ChunkSize = 256 * 1024;

    readonly (RegisterFile File, string Path)[] files;

    RegisterFiles((RegisterFile File, string Path)[] files)
    {
        this.files = files;
        Bytes = files.Sum(file => new FileInfo(file.Path).Length);
    }

    public long Bytes { get; }

    public bool HasSubjects => files.Length > 1;

    public static RegisterFiles In(string folder)
    {
        if (!Directory.Exists(folder))
            throw new CommandException(ExitCode.Usage, $"There is no folder {folder}.",
                "A register is a folder with requests.csv and, if there is one, subjects.csv.");
        var requests = Path.Combine(folder, "requests.csv");
        if (!File.Exists(requests))
            throw new CommandException(ExitCode.Usage, $"There is no requests.csv in {folder}.",
                "A register is a folder with requests.csv and, if there is one, subjects.csv.");
        var subjects = Path.Combine(folder, "subjects.csv");
        return new(File.Exists(subjects)
            ? [(RegisterFile.Requests, requests), (RegisterFile.Subjects, subjects)]
            : [(RegisterFile.Requests, requests)]);
    }

    public async Task Send(IClientStreamWriter<ImportRegisterRequest> stream, RegisterHeader header, CancellationToken stop)
    {
        await stream.WriteAsync(new() { Header = header }, stop);
        foreach (var (file, path) in files)
            await Send(stream, file, path, stop);
        await stream.CompleteAsync();
    }

    static async Task Send(IClientStreamWriter<ImportRegisterRequest> stream, RegisterFile file, string path, CancellationToken stop)
    {
        var buffer = new byte[ChunkSize];
        await using var source = Reading(path, () => File.OpenRead(path));
        var sent = false;
        // An empty file is sent as well: it is there, and the service says what is wrong with it.
        while (await Reading(path, () => source.ReadAtLeastAsync(buffer, ChunkSize, throwOnEndOfStream: false, stop).AsTask()) is var read
            && (read > 0 || !sent))
        {
            await stream.WriteAsync(new() { Chunk = new() { File = file, Data = ByteString.CopyFrom(buffer, 0, read) } }, stop);
            sent = true;
        }
    }

    // Trouble with the disk must not look like trouble with the connection, which is also an I/O error.
    static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"{path} cannot be read.");
        }
    }

    static async Task<int> Reading(string path, Func<Task<int>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"{path} cannot be read.");
        }
    }
}
