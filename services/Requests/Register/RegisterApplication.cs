using Exchange.Platform;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>
/// Takes whole requests in, many at a time, for the ledger writes concurrent appends together. What is known is read
/// first; where another writer was faster it is read again. It does not go through <see cref="CommandHandler"/>, which loads and
/// looks up one command at a time: here one query loads a whole batch and one statement stores its keys. A look-up would find
/// nothing either, because the id of an import's command holds the version it was decided on.
/// </summary>
sealed class RegisterApplication(
    RequestStore store, SubjectVault vault, RequestKeys keys, LookupIndex index, RegisterFingerprint fingerprints, Ledger ledger,
    TimeProvider time, RegisterContext context, Caller caller, RegisterTally tally, bool keep)
{
    const int MaxRequests = 256;
    const int MaxSubjects = 4_000;

    static readonly TimeSpan PauseWhenFull = TimeSpan.FromMilliseconds(50);

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
        for (var tries = 0; tries < CommandHandler.MaxTries && open.Count > 0; tries++)
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
        var newSubjects = naming.ToDictionary(p => p, p => vault.Encrypt(IdOf(p), PlainSubjects(p.NewSubjects!)));
        await vault.StoreKeys(newSubjects.Values, ct);
        // They stay also where another writer was faster: the id comes from the row, and he may have encrypted under them.
        var made = await keys.Make([.. plans.Where(p => p.Before is null).Select(IdOf)], ct);
        var now = time.GetUtcNow();
        var outcomes = await Task.WhenAll(plans.Select(p => Append(
            Compose(p, newSubjects.GetValueOrDefault(p)?.Subjects, p.Before?.Key ?? made.GetValueOrDefault(IdOf(p)), now), ct)));
        foreach (var (plan, outcome) in plans.Zip(outcomes))
        {
            if (outcome is AppendOutcome.Conflict && newSubjects.TryGetValue(plan, out var unused))
                await vault.RemoveUnusedKeys(unused);
        }
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

    Append Compose(RegisterPlan plan, SubjectsNamed? newSubjects, RequestKey? key, DateTimeOffset now)
    {
        var (request, before) = (plan.Request.Request, plan.Before);
        var facts = before?.Facts.Clone() ?? new();
        List<Step> steps = [RegisterSteps.Observed(context, plan.Fingerprint)];
        if (plan.Decision == RegisterDecision.SeenLater)
        {
            facts.ObservedUntil = context.ObservedUntil.ToIso();
        }
        else
        {
            facts = RegisterFacts.Of(request, context, before?.Facts);
            steps.AddRange(RegisterSteps.Life(request, facts, context));
        }

        if (newSubjects is { Subjects.Count: > 0 } || (newSubjects is not null && before is not null))
            steps.Add(RegisterSteps.Named(request, newSubjects));
        if (plan.Decision == RegisterDecision.Corrected)
            steps.Insert(0, RegisterSteps.Corrected(context, before!.Version));

        var (commandId, digest) =
            RegisterFingerprint.Command(plan.Request.Key, plan.Fingerprint, context.ObservedUntil, before?.Version ?? 0);
        var change = before is null
            ? new RequestChange(facts, newSubjects ?? new(), steps) { Fingerprint = plan.Fingerprint }
            : RequestChange.Of(before, facts, steps) with { Fingerprint = plan.Fingerprint, Subjects = newSubjects ?? before.Subjects };
        if (plan.Describes)
            change = change.EncryptParticulars(key!, index);
        return change.Compose(before, IdOf(plan), RequestState.ActorOf(caller), new(commandId, digest), now);
    }

    Guid IdOf(RegisterPlan plan) => plan.Before?.Id ?? fingerprints.RequestId(plan.Request.Request);

    static IReadOnlyList<PlainSubject> PlainSubjects(IReadOnlyList<SubjectRow> subjects) =>
        [.. subjects.Select(s => new PlainSubject(Guid.CreateVersion7(), s.Kind, s.Role, s.Identity()))];

    static void Count(RegisterReport report, RegisterPlan plan)
    {
        if (plan.Decision == RegisterDecision.Added)
            report.Added++;
        else if (plan.Decision == RegisterDecision.Corrected)
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
