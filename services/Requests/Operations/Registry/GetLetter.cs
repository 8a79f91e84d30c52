using Exchange.Platform;
using Exchange.Requests.V1;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>The letter as it stands; to its own side with everything that is still missing and who approved it.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<LetterView> GetLetter(GetLetterRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var view = await views.Find(request.Name, caller, ct);
        if (view.EncryptedLetter is not { } encrypted || await keys.Load(view.Id, ct) is not { } key)
            throw RequestRefusals.NoLetter(view.Facts.Reference);

        var kept = encrypted.IsEmpty ? SaltedLetter.None : key.DecryptLetter(encrypted);
        var letter = new LetterView
        {
            Request = RequestId.NameOf(view.Id),
            Etag = view.Etag,
            Letter = kept.Letter,
            Salt = kept.Salt,
            Content = kept.Content,
            LetterHash = view.LetterHash,
            LetterVersion = view.Facts.LetterVersion,
            ApprovedBy = view.ApprovedBy,
        };
        if (view.Facts.TransmittedOn.Length == 0)
            letter.Faults.Add(LetterRules.FaultsBeforeTransmission(letter.Letter, view.Facts.RequestingState,
                [.. view.Subjects.Select(subject => subject.Sealed)], reference.Today(view.Facts.RequestingState, time), reference));
        return letter;
    }
}
