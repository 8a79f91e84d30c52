using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    const int MostRemarks = 1_000;

    /// <summary>Says what ImportRegister would make of a register, and stores nothing.</summary>
    [Allow(CallerRole.Prosecutor, CallerRole.Operator)]
    public override async Task<RegisterReport> CheckRegister(IAsyncStreamReader<ImportRegisterRequest> requestStream,
        ServerCallContext context)
    {
        var caller = context.Caller();
        installation.Value.AdmitOwn(caller);
        List<RegisterRemark> remarks = [];
        var report = await registers.Run(requestStream, caller, keep: false, Gather, context.CancellationToken);
        report.Remarks.Add(remarks);
        return report;

        Task Gather(ImportRegisterResponse message)
        {
            if (message.Remark is { } remark && remarks.Count < MostRemarks)
                remarks.Add(remark);
            return Task.CompletedTask;
        }
    }
}
