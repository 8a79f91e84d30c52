using System.CommandLine;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange register import`: takes in a register, and repeats it when the connection is cut.</summary>
static class ImportCommand
{
    static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(2);

    public static Command Create(CommandRunner runner)
    {
        var folder = Folder();
        var observedUntil = ObservedUntil();
        var remarksFile = RemarksFile();
        var retryFor = TypedOptions.Span("--retry-for",
            "How long a lost connection is tried again, and how long to wait for the figures (2m)");
        var command = new Command("import", "Takes in a register: good rows are kept, faulty ones named. Doing it again changes nothing.")
        {
            folder, observedUntil, remarksFile, retryFor,
        };
        return runner.Handle(command, async session =>
        {
            var files = FilesIn(session, folder);
            var header = Header(session, observedUntil);
            var patience = session.Value(retryFor) ?? UsualPatience;
            using var remarks = new RegisterRemarks(session, session.Value(remarksFile));
            var report = await ImportProgress.Around(session, files.Bytes, progress =>
                new RegisterTransfer(session, files, header, patience).Run(new Listener(remarks, progress)));
            await new TrackingCatchUp(session, patience).Wait();
            return remarks.Show(report);
        }).WithExamples(
            "exchange register import data/register-2004-2008 --observed-until 2008-12-31",
            "exchange register import /mnt/register --observed-until 2025-06-30 --remarks remarks.csv --retry-for 10m");
    }

    public static Argument<string> Folder() => new("dir") { Description = "Folder with requests.csv and, if there is one, subjects.csv" };

    public static Option<DateOnly?> ObservedUntil()
    {
        var option = TypedOptions.Day("--observed-until", "The last day the register was kept");
        option.Required = true;
        return option;
    }

    public static Option<string?> RemarksFile() => new("--remarks")
    {
        Description = "Write every fault and warning to this CSV file", HelpName = "FILE.csv",
    };

    public static RegisterFiles FilesIn(Session session, Argument<string> folder)
    {
        var files = RegisterFiles.In(session.Value(folder));
        if (!files.HasSubjects)
            session.Note("There is no subjects.csv; the requests are read without subjects.");
        return files;
    }

    public static RegisterHeader Header(Session session, Option<DateOnly?> observedUntil) =>
        new() { CommandId = Guid.CreateVersion7().ToString(), ObservedUntil = session.Value(observedUntil).ToIso() };

    sealed class Listener(RegisterRemarks remarks, ImportProgress progress) : IRegisterListener
    {
        public void Begin() => remarks.Begin();

        public void Progress(RegisterProgress reached) => progress.Show(reached);

        public void Remark(RegisterRemark remark) => remarks.Add(remark);
    }
}
