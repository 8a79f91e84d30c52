using Exchange.Contracts;
using Exchange.Platform;
using Exchange.Requests.V1;
namespace Exchange.Requests;
static class GroundStub { extension(Ground g) { public bool Postpones => g.Code == "own_proceedings_pending"; public bool Returns => !g.IsRefusal && g.Code is not ("person_not_found" or "no_data_held"); public bool NotExecutable => !g.IsRefusal; public string BarredUnder => g.Code == "fiscal_offence" ? "UNTOC-2000" : ""; } }
static class LetterRules {
  public static IReadOnlyList<LetterFault> FaultsOfDraft(Letter letter, string requestingState, ReferenceData reference) => [];
  public static IReadOnlyList<LetterFault> FaultsBeforeTransmission(Letter letter, string requestingState, IReadOnlyList<SealedSubject> subjects, DateOnly today, ReferenceData reference) => [];
}
static class SubjectFaults { public static IReadOnlyList<Violation> Of(NameSubjects act, SubjectsNamed standing, ReferenceData reference, DateOnly today) => []; }
static class VaultStub { public static Task<SubjectsNamed> Name(this SubjectVault v, Guid r, SubjectsNamed s, NameSubjects a, int version, CancellationToken ct) { _ = (v, r, a, version, ct); return Task.FromResult(s); } }
