using Exchange.Operations.V1;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf.Reflection;

namespace Exchange.Contracts.Tests;

/// <summary>
/// What journals, tables and events hold is a code, an id, a name in the exchange's own alphabet or a day; or it is marked as free text,
/// and then it is never stored or published but as ciphertext.
/// </summary>
public sealed class WhatIsKeptInClear
{
    static readonly MessageDescriptor[] Kept =
    [
        // Entries of the three journals, what is in them as bytes, and what their signatures are over.
        JournalEntry.Descriptor, TrackingEntry.Descriptor, OperatorEntry.Descriptor, ActStatement.Descriptor, RungAct.Descriptor,
        // Events.
        RequestFacts.Descriptor, Actor.Descriptor, Signature.Descriptor,
        // Columns of tables.
        RequestDossier.Descriptor, SubjectsNamed.Descriptor, CaseKept.Descriptor, DocumentRecord.Descriptor, FlagChange.Descriptor,
        TakenRung.Descriptor,
    ];

    /// <summary>
    /// Every string that is kept in clear. What is added here is no words of anybody: say why where it is not plain. A reference is what
    /// states call a request by towards each other; an identity is that of a certificate.
    /// </summary>
    static readonly string[] Coded =
    [
        .. Of("JournalEntry", "aggregate command_id"), .. Of("TrackingEntry", "aggregate command_id"),
        .. Of("OperatorEntry", "aggregate command_id"), .. Of("Actor", "identity certificate delegate"),
        .. Of("OperatingOfficer", "identity certificate"), .. Of("Signature", "algorithm"),
        .. Of("RequestFacts", "request reference requesting_state requested_state instrument offence measures transmitted_on "
            + "delivered_on acknowledged_on recognised_on observed_until superseded_by forwarded_on supersedes amended_on closed_on"),
        .. Of("Supplement", "requested_on provided_on"), .. Of("Answer", "answered_on ground evidence"),
        .. Of("MeasureOutcome", "measure ground"), .. Of("Ending", "ended_on ground"),
        .. Of("Postponement", "postponed_on expected_on ground"), .. Of("TimeLimit", "start_on due_on policy_version"),
        .. Of("StatusReport", "requested_on reported_on"), .. Of("Reminder", "reminded_on"),
        .. Of("LoneTransmission", "confirmed_on lapsed_on"),
        .. Of("RequestDossier", "authors approved_by told_subjects case transmitted_alone_by case_index requesting_assignee_index "
            + "requested_assignee_index"),
        .. Of("DocumentRecord", "document_id media_type translation_of language"), .. Of("Step", "occurred_on"),
        .. Of("Observed", "observed_until"), .. Of("PartnerActed", "ground expected_on documents"), .. Of("RequesterActed", "documents"),
        .. Of("Reminded", "taken"), .. Of("Superseded", "by"), .. Of("DocumentHandled", "request"),
        .. Of("CaseKept", "state number_index admitted_index"), .. Of("SealedSubject", "subject_id"),
        // The reason is one text of the service's own, for a register.
        .. Of("Corrected", "reason proposed_by"), .. Of("IdentitiesRead", "requests"), .. Of("ProposedCorrection", "proposed_by"),
        .. Of("ParkedMessageHandled", "message type"), .. Of("Commitment", "part"), .. Of("DocumentCommitment", "document"),
        .. Of("Act", "request etag command_id occurred_on"), .. Of("Transmit", "posted_on"), .. Of("NameSubjects", "withdraw"),
        .. Of("RequestSupplement", "documents"), .. Of("ProvideSupplement", "documents"), .. Of("Postpone", "ground expected_on"),
        .. Of("Return", "ground"), .. Of("GiveAnswer", "ground evidence"), .. Of("TransmitAlone", "posted_on"),
        .. Of("ProposeCorrection", "occurred_on ground expected_on"),
        .. Of("RungTaken", "requesting_state partner requests references taken_on"),
        .. Of("RungRecovered", "requesting_state partner request reference taken_on"),
        .. Of("RungAct", "partner requests command_id"), .. Of("TakenRung", "name partner taken_on confirmed_by"),
        .. Of("RungRequest", "request reference transmitted_on due_on taken_on"),
        .. Of("FlagChange", "request reference requesting_state requested_state due_on cleared_on replaces_due_on"),
    ];

    [Fact]
    public void Every_string_is_known_as_coded_or_marked_as_free_text()
    {
        HashSet<MessageDescriptor> seen = [];
        Kept.SelectMany(root => Strings(root, seen)).Select(field => $"{field.ContainingType.Name}.{field.Name}")
            .ShouldBe(Coded, ignoreOrder: true);
    }

    [Fact]
    public void What_is_free_text_is_found_at_any_depth()
    {
        FreeTexts.FindIn(Samples.Entry()).ShouldBeNull();
        foreach (var spoil in new Action<JournalEntry>[]
                 {
                     entry => entry.Facts.CaseNumber = "BY-1", entry => entry.Facts.RequestingAuthority = "Office",
                     entry => entry.Steps.Add(new Step { Assigned = new() { To = new() { Officer = "2001" } } }),
                     entry => entry.Steps.Add(new Step
                     {
                         CorrectionProposed = new()
                         {
                             Proposal = new() { Replacement = new() { Assigned = new() { To = new() { Unit = "u" } } } },
                         },
                     }),
                 })
        {
            var entry = Samples.Entry();
            spoil(entry);
            FreeTexts.FindIn(entry).ShouldNotBeNull();
            Should.Throw<InvalidOperationException>(() => FreeTexts.WithoutAny(entry));
        }
    }

    [Fact]
    public void An_event_with_free_text_is_not_written()
    {
        var facts = Samples.Facts();
        facts.CaseNumber = "BY-1";
        Should.Throw<InvalidOperationException>(() =>
            System.Text.Json.JsonSerializer.Serialize(new RequestChanged(Samples.Request, 3, facts), ContractJson.Options))
            .Message.ShouldContain("case_number");
    }

    static IEnumerable<string> Of(string message, string fields) => fields.Split(' ').Select(field => $"{message}.{field}");

    static IEnumerable<FieldDescriptor> Strings(MessageDescriptor message, HashSet<MessageDescriptor> seen)
    {
        if (!seen.Add(message))
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
