using System.Text;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Tracking;

/// <summary>
/// Composes the letter that is proposed for a rung. It names references and days and no person. The policy limit is the requesting
/// side's own, so a letter says that an answer "was expected" and never that the partner broke a term.
/// </summary>
static class RungLetter
{
    /// <summary>Requests in one letter, at most: so many fit, with long references, into the length a letter may have.</summary>
    public const int MaxRequests = 80;

    const string Convention = "UNTOC-2000";

    /// <summary>The letter in English.</summary>
    /// <param name="rung">The rung, which must be a specified one.</param>
    /// <param name="requests">Requests to one partner; at least one, at most <see cref="MaxRequests"/>.</param>
    /// <param name="today">The day it is in the requesting state.</param>
    public static string Of(
        Rung rung, IReadOnlyList<(RequestFacts Facts, LadderPosition Position)> requests, DateOnly today, ReferenceData reference)
    {
        var first = requests[0].Facts;
        var partner = reference.States[first.RequestedState].Name;
        var words = Words(rung, partner);
        var letter = new StringBuilder()
            .AppendLine($"From: {reference.States[first.RequestingState].Name}").AppendLine($"To: {words.To}")
            .AppendLine($"Date: {today.ToIso()}").AppendLine()
            .AppendLine(words.Subject).AppendLine()
            .AppendLine(words.Opening).AppendLine();
        foreach (var (facts, position) in requests)
            letter.AppendLine(Line(facts, position, today, reference));
        letter.AppendLine().AppendLine(words.Asks);
        if (Basis(rung, [.. requests.Select(r => r.Facts.Instrument)], reference) is { } basis)
            letter.AppendLine().AppendLine(basis);
        return letter.AppendLine().Append(words.Close).ToString();
    }

    static (string To, string Subject, string Opening, string Asks, string Close) Words(Rung rung, string partner) => rung switch
    {
        Rung.Reminder => (
            $"the competent authority of {partner}",
            "Requests for mutual legal assistance awaiting an answer",
            "The following requests were sent to you, and we have not yet received an answer:",
            "We should be grateful for an answer, or for word of how far their execution has come and when an answer may be expected. "
            + "Should you need anything further from us, please tell us and we will supply it without delay.",
            "We thank you for your assistance."),
        Rung.SecondReminder => (
            $"the competent authority of {partner}",
            "Second reminder: requests for mutual legal assistance without an answer",
            "We have reminded you of the following requests and have still received no answer:",
            "We ask you to answer them, or to report on the progress of their execution and name the day by which an answer may be "
            + "expected. If execution is refused or postponed, we ask for that decision and its reasons.",
            "We rely on your early reply."),
        Rung.CentralAuthority => (
            $"the central authority of {partner}",
            "Requests for mutual legal assistance without an answer after two reminders",
            "The following requests have remained without an answer although the competent authority was reminded twice. We bring "
            + "them to the attention of the central authority:",
            "We ask the central authority to find out where these requests stand, to see to their execution, and to tell us by what "
            + "day we may expect an answer and what stands in its way.",
            "We remain at your disposal for consultation at any time."),
        Rung.LiaisonChannel => (
            $"the liaison channel with {partner} (Eurojust or European Judicial Network contact point, liaison magistrate, or embassy)",
            "Requests for mutual legal assistance without an answer after they were raised with the central authority",
            "The following requests have remained without an answer although they were raised with the central authority of "
            + $"{partner}:",
            "We ask you to take them up with the competent authority, to learn what stands in the way of an answer, and to tell us "
            + "what would remove it.",
            "We are ready to consult on each of them without delay."),
        _ => throw new ArgumentOutOfRangeException(nameof(rung), rung, null),
    };

    static string Line(RequestFacts facts, LadderPosition position, DateOnly today, ReferenceData reference)
    {
        var due = facts.DueOn(LimitKind.Policy)!.Value;
        var days = today.DaysSince(due);
        var previous = position.Previous.Rung switch
        {
            Rung.Reminder => $"; reminder of {position.Previous.On.ToIso()}",
            Rung.SecondReminder => $"; second reminder of {position.Previous.On.ToIso()}",
            Rung.CentralAuthority => $"; raised with the central authority on {position.Previous.On.ToIso()}",
            _ => "",
        };
        return $"- {facts.Reference}, sent on {facts.TransmittedOn}{Under(facts, reference)}; an answer was expected by {due.ToIso()}, "
            + $"{days} {(days == 1 ? "day" : "days")} ago{previous}";
    }

    // By its code, because full titles would fill the page.
    static string Under(RequestFacts facts, ReferenceData reference) =>
        facts.Instrument != Convention && reference.Instruments.ContainsKey(facts.Instrument) ? $" under {facts.Instrument}" : "";

    /// <summary>
    /// What may be asked by law: UNTOC 18(24), and of central authorities 18(13). Null where no request is made under UNTOC, because other
    /// instruments are not known to provide it.
    /// </summary>
    static string? Basis(Rung rung, IReadOnlyCollection<string> instruments, ReferenceData reference)
    {
        if (!instruments.Contains(Convention))
            return null;
        var which = instruments.All(i => i == Convention) ? "These requests are"
            : "Those requests for which no other instrument is named are";
        var central = rung is Rung.CentralAuthority or Rung.LiaisonChannel
            ? " Under paragraph 13 of the same Article, central authorities ensure the speedy and proper execution or transmission of the "
            + "requests they receive."
            : "";
        return $"{which} made under Article 18 of the {reference.Instruments[Convention].Title}. Under its paragraph 24 the requested "
            + "State Party executes a request as soon as possible, takes as full account as possible of deadlines suggested with reasons, "
            + $"and responds to reasonable requests on the progress of its handling.{central}";
    }
}
