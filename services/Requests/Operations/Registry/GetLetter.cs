using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Exchange.Requests;

sealed partial class RequestRegistryService
{
    /// <summary>The letter as it stands; to its own side with everything that is still missing and who approved it.</summary>
    [Allow(CallerRole.Investigator, CallerRole.Prosecutor, CallerRole.Liaison)]
    public override async Task<LetterView> GetLetter(GetLetterRequest request, ServerCallContext context)
    {
        var (caller, ct) = (context.Caller(), context.CancellationToken);
        var state = await store.FindNamed(request.Name, caller, ct);
        if (state.EncryptedLetter is null || await keys.Load(state.Id, ct) is not { } key)
            throw RequestRefusals.NoLetter(state.Facts.Reference);

        var letter = state.ReadLetter(key);
        var view = new LetterView
        {
            Request = RequestId.NameOf(state.Id),
            Etag = state.Etag,
            Letter = letter.Letter,
            Salt = letter.Salt,
            Content = letter.Content,
            LetterHash = ByteString.CopyFrom(LetterHash.Of(state.Dossier, state.Subjects)),
            LetterVersion = state.Facts.LetterVersion,
        };
        if (state.SideOf(caller.State) == Side.RequestingSide)
        {
            view.ApprovedBy = state.Dossier.ApprovedBy;
            if (state.Facts.TransmittedOn.Length == 0)
                view.Faults.Add(LetterRules.FaultsBeforeTransmission(
                    view.Letter, state.Facts.RequestingState, state.Subjects.Subjects,
                    reference.Today(state.Facts.RequestingState, time), reference));
        }
        return view;
    }
}
