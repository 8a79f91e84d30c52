using System.Security.Cryptography.X509Certificates;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>Makes a change that a fixture writes straight into the journal one that an officer signed, where it binds his state.</summary>
static class SignedSteps
{
    /// <summary>The change with statement and signature, and with the step and the facts that the act leads to.</summary>
    /// <param name="change">Its facts are those before the step.</param>
    public static RequestChange Sign(
        RequestChange change, RequestState? before, Guid id, CommandIdentity command, string on, Caller by, X509Certificate2 certificate)
    {
        var act = new Act { Request = RequestId.NameOf(id), Etag = $"\"{before?.Version ?? 0}\"", CommandId = $"{command.Id}" };
        var step = new Step { OccurredOn = change.Facts.TransmittedOn is { Length: > 0 } sent ? sent : on };
        switch (change.Code)
        {
            case StepCode.Transmit:
                act.Transmit = new() { Channel = change.Facts.Channel };
                step.Transmitted = new() { Channel = change.Facts.Channel };
                break;
            case StepCode.Amend:
                act.Amend = new();
                step.LetterWritten = new() { Amendment = true };
                break;
            case StepCode.CorrectOwnEntry:
                // The entry after the draft, by which it was transmitted.
                act.CorrectOwnEntry = new() { Version = 2, Strike = true };
                step.Corrected = new() { SupersededVersion = 2, ProposedBy = $"{by}" };
                break;
            case StepCode.Return:
                act.ReturnLetter = new() { Ground = "form_defect" };
                step.PartnerActed = Partner(Status.Returned, Outcome.Returned, "form_defect");
                break;
            case StepCode.Execute:
                act.Answer = new() { Outcome = Outcome.Executed };
                step.PartnerActed = Partner(Status.Executed, Outcome.Executed, "");
                break;
            default:
                return change;
        }
        var taken = new TakeStepRequest { Act = act };
        ActSigning.Sign(taken, certificate, []);
        var statement = taken.Signature.Content;
        taken.Signature.Content = Google.Protobuf.ByteString.Empty;
        var facts = change.Facts.Clone();
        RequestFold.Apply(facts, step);
        return change with { Facts = facts, Steps = [step], Statement = statement, Signature = taken.Signature };
    }

    static PartnerActed Partner(Status status, Outcome outcome, string ground) =>
        new() { Status = status, Outcome = outcome, Ground = ground, RecordedBy = Side.RequestedSide };
}
