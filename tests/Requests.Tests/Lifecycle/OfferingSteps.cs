using Exchange.Requests.V1;

namespace Exchange.Requests.Tests;

/// <summary>What waits for a second officer is offered when there is something to decide, and to those who may.</summary>
public sealed class OfferingSteps
{
    static readonly string Author = LifecycleFixture.Investigator.Caller.ToString();

    [Fact]
    public void Approval_is_offered_to_no_author_and_transmission_only_after_it()
    {
        Offered(Status.Submitted, new() { Authors = { Author } }, LifecycleFixture.Prosecutor).ShouldBe([StepCode.Approve]);
        Offered(Status.Submitted, new() { Authors = { Author, LifecycleFixture.Prosecutor.Caller.ToString() } },
            LifecycleFixture.Prosecutor)
            .ShouldBeEmpty();
        Offered(Status.Submitted, new() { Authors = { Author }, ApprovedBy = LifecycleFixture.SecondProsecutor.Caller.ToString() },
            LifecycleFixture.Prosecutor).ShouldBe([StepCode.Transmit]);
    }

    [Fact]
    public void Corrections_are_decided_on_by_the_side_they_wait_for_and_proposed_while_none_waits()
    {
        var waiting = new RequestDossier
        {
            ProposedCorrection =
            new() { ProposedIn = 7, Side = Side.RequestedSide, ProposedBy = LifecycleFixture.Liaison.Caller.ToString() }
        };

        Offered(Status.Acknowledged, new(), LifecycleFixture.Prosecutor).ShouldBe([StepCode.ProposeCorrection]);
        Offered(Status.Acknowledged, new(), LifecycleFixture.Liaison).ShouldBe([StepCode.ProposeCorrection]);
        Offered(Status.Acknowledged, waiting, LifecycleFixture.Prosecutor).ShouldBeEmpty();
        Offered(Status.Acknowledged, waiting, LifecycleFixture.SecondLiaison)
            .ShouldBe([StepCode.ConfirmCorrection, StepCode.RejectCorrection]);
    }

    static IEnumerable<StepCode> Offered(Status status, RequestDossier dossier, Clerk clerk)
    {
        var facts = new RequestFacts
        {
            RequestingState = "BY", RequestedState = "PL", Channel = Channel.OnExchange, Origin = Origin.OnTheExchange, Status = status,
            TransmittedOn = status == Status.Submitted ? "" : "2026-03-02",
        };
        return LifecycleRules.Allowed(new RequestState(Guid.CreateVersion7(), 7, [], facts, new()) { Dossier = dossier }, clerk.Caller)
            .Where(step => step is StepCode.Approve or StepCode.Transmit
                or StepCode.ProposeCorrection or StepCode.ConfirmCorrection or StepCode.RejectCorrection);
    }
}
