using System.CommandLine;
using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>`exchange register check`: what an import would say, without storing anything.</summary>
static class RegisterCheck
{
    public static Command Create(CommandRunner runner)
    {
        var folder = ImportCommand.Folder();
        var observedUntil = ImportCommand.ObservedUntil();
        var remarksFile = ImportCommand.RemarksFile();
        var command = new Command("check", "Reads a register as an import would and stores nothing.")
        {
            folder, observedUntil, remarksFile,
        };
        return runner.Handle(command, async session =>
        {
            var files = ImportCommand.FilesIn(session, folder);
            var header = ImportCommand.Header(session, observedUntil);
            using var remarks = new RegisterRemarks(session, session.Value(remarksFile));
            var report = await session.Services.Requests.Call(requests => Check(session, requests, files, header));
            remarks.Begin();
            foreach (var remark in report.Remarks)
                remarks.Add(remark);
            return remarks.Show(report);
        }).WithExamples("exchange register check data/register-2004-2008 --observed-until 2008-12-31");
    }

    static async Task<RegisterReport> Check(
        Session session, RequestRegistry.RequestRegistryClient requests, RegisterFiles files, RegisterHeader header)
    {
        using var call = requests.CheckRegister(session.LongCallOptions());
        using var sending = new RegisterSender(files, header, call.RequestStream, call.Dispose, session.Stop);
        try
        {
            return await call.ResponseAsync;
        }
        finally
        {
            await sending.End();
        }
    }
}
