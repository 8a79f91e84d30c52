using Exchange.Requests.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Contracts.Tests;

/// <summary>What an act holds is a code, an id or a day, which are signed in clear; or it is marked as a text.</summary>
public sealed class TextsOfActs
{
    static readonly string[] Coded =
    [
        "Act.request", "Act.etag", "Act.command_id", "Act.occurred_on", "Transmit.posted_on", "NameSubjects.withdraw",
        "RequestSupplement.documents", "ProvideSupplement.documents", "Postpone.ground",
        "Postpone.expected_on", "Return.ground", "GiveAnswer.ground", "GiveAnswer.evidence", "MeasureOutcome.measure",
        "MeasureOutcome.ground", "ProposeCorrection.occurred_on", "ProposeCorrection.ground", "ProposeCorrection.expected_on",
        "TransmitAlone.posted_on",
    ];

    [Fact]
    public void Every_string_of_an_act_is_known_as_coded_or_marked_as_a_text() =>
        Strings(Act.Descriptor, []).Select(field => field.FullName["exchange.requests.v1.".Length..]).ShouldBe(Coded, ignoreOrder: true);

    [Fact]
    public void Whoever_is_named_and_the_letter_are_texts()
    {
        foreach (var field in new[]
                 {
                     NewSubject.Descriptor.FindFieldByName("identity"), Amend.Descriptor.FindFieldByName("letter"),
                     SaveDraft.Descriptor.FindFieldByName("letter"), GiveAnswer.Descriptor.FindFieldByName("text"),
                 })
            field.IsFreeText().ShouldBeTrue(field.FullName);
    }

    static IEnumerable<FieldDescriptor> Strings(MessageDescriptor message, HashSet<string> seen)
    {
        if (!seen.Add(message.FullName))
            yield break;
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => !field.IsFreeText()))
        {
            if (field.FieldType is FieldType.String)
                yield return field;
            else if (field.FieldType is FieldType.Message)
                foreach (var inner in Strings(field.MessageType, seen))
                    yield return inner;
        }
    }
}
