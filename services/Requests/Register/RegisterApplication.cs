using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Takes whole requests in, many at a time, for the ledger writes concurrent appends together. What is known is read
/// first; where another writer was faster it is read again.
/// </summary>
sealed class RegisterApplication(
    RequestStore store, SubjectVault vault, Ledger ledger, TimeProvider time, RegisterContext context, Caller caller, RegisterTally tally, bool keep)
{
    const int MaxRequests = 256;
    const int MaxSubjects = 4_000;
    const int MaxTries = 5;

    static readonly TimeSpan PauseWhenFull = TimeSpan.FromMilliseconds(50);

    readonly RegisterFingerprint fingerprints = new(bytes => vault.Fingerprint(bytes));

    public async Task Apply(IAsyncEnumerable<RegisteredRequest> requests, CancellationToken ct)
    {
        List<RegisteredRequest> batch = [];
        var subjects = 0;
        await foreach (var request in requests.WithCancellation(ct))
        {
            batch.Add(request);
            subjects += request.Subjects?.Count ?? 0;
            if (batch.Count < MaxRequests && subjects < MaxSubjects)
                continue;
            await Apply(batch, ct);
            batch.Clear();
            subjects = 0;
        }

        await Apply(batch, ct);
    }

    async Task Apply(IReadOnlyList<RegisteredRequest> batch, CancellationToken ct)
    {
        var open = batch;
        for (var tries = 0; tries < MaxTries && open.Count > 0; tries++)
        {
            var known = await store.FindByReference([.. open.Select(r => r.Key)], ct);
            var plans = open.Select(r => RegisterPlan.For(r, known.GetValueOrDefault(r.Key), fingerprints, context.ObservedUntil)).ToList();
            foreach (var plan in plans.Where(p => p.Fault is not null))
                await LeaveOut(plan.Fault!);

            var outcomes = await Write([.. plans.Where(p => p.Writes)], ct);
            var lost = outcomes.Where(o => o.Outcome == AppendOutcome.Conflict).Select(o => o.Plan).ToHashSet();
            foreach (var plan in plans.Where(p => p.Fault is null && !lost.Contains(p)))
                await tally.Done(1, report => Count(report, plan));
            open = [.. lost.Select(p => p.Request)];
        }

        foreach (var request in open)
            await LeaveOut(RegisterPlan.ChangedMeanwhile(request));
    }

    async Task<List<(RegisterPlan Plan, AppendOutcome Outcome)>> Write(IReadOnlyList<RegisterPlan> plans, CancellationToken ct)
    {
        if (!keep)
            return [.. plans.Select(p => (p, AppendOutcome.Appended))];

        var naming = plans.Where(p => p.NewSubjects is not null).ToList();
        var named = await vault.SealMany([.. naming.Select(p => (IdOf(p), Open(p.NewSubjects!)))], ct);
        var newSubjects = naming.Zip(named).ToDictionary();
        var now = time.GetUtcNow();
        var outcomes = await Task.WhenAll(plans.Select(p => Append(Compose(p, newSubjects.GetValueOrDefault(p), now), ct)));
        return [.. plans.Zip(outcomes)];
    }

    async Task<AppendOutcome> Append(Append append, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                var outcome = await ledger.Append(append, ct);
                return outcome != AppendOutcome.CommandReused
                    ? outcome
                    : throw new InvalidOperationException("Two contents of a register gave the same command id.");
            }
            catch (Refusal refusal) when (refusal.Kind == RefusalKind.Exhausted)
            {
                // An import can wait; officers come first.
                await Task.Delay(PauseWhenFull, time, ct);
            }
        }
    }

    Append Compose(RegisterPlan plan, SubjectsNamed? newSubjects, DateTimeOffset now)
    {
        var (request, before) = (plan.Request.Request, plan.Before);
        var facts = before?.Facts.Clone() ?? new();
        List<Step> steps = [RegisterSteps.Observed(context, plan.Fingerprint)];
        if (plan.Fate == RegisterFate.SeenLater)
        {
            facts.ObservedUntil = RegisterFacts.Iso(context.ObservedUntil);
        }
        else
        {
            facts = RegisterFacts.Of(request, context, before?.Facts);
            steps.AddRange(RegisterSteps.Life(request, facts, context));
        }

        if (newSubjects is { Subjects.Count: > 0 } || (newSubjects is not null && before is not null))
            steps.Add(RegisterSteps.Named(request, newSubjects));
        if (plan.Fate == RegisterFate.Corrected)
            steps.Insert(0, RegisterSteps.Corrected(context, before!.Version));

        var (commandId, digest) = RegisterFingerprint.Command(plan.Request.Key, plan.Fingerprint, context.ObservedUntil, before?.Version ?? 0);
        return new RequestChange(facts, newSubjects ?? before?.Subjects ?? new(), steps) { Fingerprint = plan.Fingerprint, Dossier = before?.Dossier ?? new() }
            .Compose(before, IdOf(plan), RequestState.ActorOf(caller), new(commandId, digest), now);
    }

    Guid IdOf(RegisterPlan plan) => plan.Before?.Id ?? fingerprints.RequestId(plan.Request.Request);

    static IReadOnlyList<OpenSubject> Open(IReadOnlyList<SubjectRow> subjects) =>
        [.. subjects.Select(s => new OpenSubject(Guid.CreateVersion7(), s.Kind, s.Role, s.Identity()))];

    static void Count(RegisterReport report, RegisterPlan plan)
    {
        if (plan.Fate == RegisterFate.Added)
            report.Added++;
        else if (plan.Fate == RegisterFate.Corrected)
            report.Corrected++;
        else
            report.Unchanged++;
        report.Subjects += plan.Request.Subjects?.Count ?? plan.Before?.Subjects.Subjects.Count ?? 0;
    }

    async Task LeaveOut(RegisterRemark fault)
    {
        await tally.Remarks([fault]);
        await tally.LeftOut();
    }
}
