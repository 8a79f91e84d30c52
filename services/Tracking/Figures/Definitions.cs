using Exchange.Tracking.V1;

namespace Exchange.Tracking;

/// <summary>What each figure means, in one sentence; sent with every answer so that it can be shown beside the figure.</summary>
static class Definitions
{
    public static IReadOnlyList<Definition> All { get; } =
    [
        Of("requests",
            "Requests transmitted by the as-of day; like every figure it counts those of restricted cases too, which lists show only to "
            + "those admitted, and of what a state received that which was given to it on the exchange or stands in its own register."),
        Of("answered",
            "Requests whose first answer (executed in full or in part, refused on a ground, or not "
            + "executable) was given by the as-of day."),
        Of("refused", "Answered requests whose first answer was a refusal on a ground."),
        Of("withdrawn", "Requests called back by the requesting side before any answer."),
        Of("returned", "Requests sent back by the requested side, for authority, form or language, before any answer."),
        Of("open", "Requests neither answered nor withdrawn nor returned by the as-of day."),
        Of("fallen_due", "Requests whose due day is the as-of day or earlier, without those withdrawn or returned before the due day."),
        Of("fallen_due_answered", "Requests fallen due and answered by the as-of day, late answers included."),
        Of("fallen_due_on_time", "Requests fallen due and answered on or before the due day."),
        Of("unanswered_overdue", "Requests fallen due and neither answered nor withdrawn nor returned by the as-of day."),
        Of("fallen_due_ended_otherwise", "Requests fallen due and withdrawn or returned, unanswered, on the due day or later."),
        Of("fallen_due_net_on_time",
            "Requests fallen due and answered on or before the due day when days spent waiting for the "
            + "requesting side's reply are not counted."),
        Of("fulfilled", "Requests fallen due whose first answer was execution in full."),
        Of("partially", "Requests fallen due whose first answer was execution in part."),
        Of("fallen_due_refused", "Requests fallen due whose first answer was a refusal on a ground."),
        Of("silent",
            "Requests fallen due and unanswered on which the requested side neither acknowledged, asked, decided, forwarded, "
            + "postponed nor reported how things stand; a delivery is the carrier's doing."),
        Of("recorded_by_requesting_side", "Answered requests whose first answer was written down by the requesting side."),
        Of("transmitted_alone",
            "Requests that one officer transmitted without a second, because life, custody or evidence was at stake; as is known now."),
        Of("alone_confirmed", "Requests transmitted by one officer alone that a second confirmed within 48 hours."),
        Of("alone_lapsed", "Requests transmitted by one officer alone that nobody confirmed within 48 hours, and that were called back."),
        Of("response_rate",
            "Share of the requests fallen due that were answered by the as-of day, late answers "
            + "included; with its Wilson 95 % interval."),
        Of("on_time_rate", "Share of the requests fallen due that were answered on or before the due day; with its Wilson 95 % interval."),
        Of("net_on_time_rate",
            "Share of the requests fallen due that were answered on time when days spent waiting for the requesting side's "
            + "reply are not counted; with its Wilson 95 % interval."),
        Of("fulfilment_rate", "Share of the requests fallen due whose first answer was execution in full; with its Wilson 95 % interval."),
        Of("refusal_rate",
            "Share of the requests fallen due whose first answer was a refusal on a lawful ground; with its Wilson 95 % interval."),
        Of("silence_rate", "Share of the requests fallen due that are silent; with its Wilson 95 % interval."),
        Of("gross",
            "Days from transmission to the first answer (Kaplan-Meier); open requests count as waiting up to the as-of "
            + "day, withdrawn and returned ones up to that day."),
        Of("net", "As gross, without the days spent waiting for the requesting side's reply to a question."),
        Of("acknowledgement",
            "Days from transmission to acknowledgement (Kaplan-Meier); requests without one count as waiting up to their first "
            + "answer, withdrawal or return, or else the as-of day."),
        Of("recognition",
            "Days from transmission to recognition (Kaplan-Meier); requests without one count as waiting up to their first "
            + "answer, withdrawal or return, or else the as-of day."),
        Of("final_answer", "Days from transmission to the final answer (Kaplan-Meier); after a part the request still waits for the rest."),
        Of("median_days",
            "The smallest number of days by which at most half are still waiting; not reached when more than half still are."),
        Of("p90_days", "The smallest number of days by which at most a tenth are still waiting; not reached when more still are."),
        Of("still_waiting",
            "Estimated share still waiting after so many days; 95 % interval after Greenwood on the "
            + "log-log scale, none where the share is 0 or 1."),
        Of("first_outcomes", "Estimated share that ended in each way by a day, first outcomes competing (Aalen-Johansen)."),
        Of("final_outcomes", "Estimated share that ended in each way by a day, final outcomes competing (Aalen-Johansen)."),
        Of("transmitted", "Requests transmitted in the period."),
        Of("ended", "Requests answered, withdrawn or returned in the period."),
        Of("pending", "Requests transmitted and not yet ended at the end of the period."),
        Of("clearance_rate", "Ended divided by transmitted in the period (CEPEJ); none when nothing was transmitted."),
        Of("disposition_days", "Days in the period times pending at its end, divided by ended in it (CEPEJ); none when nothing ended."),
        Of("days_0_30", "Open requests transmitted 0 to 30 days ago."),
        Of("days_31_90", "Open requests transmitted 31 to 90 days ago."),
        Of("days_91_180", "Open requests transmitted 91 to 180 days ago."),
        Of("days_181_365", "Open requests transmitted 181 to 365 days ago."),
        Of("over_365", "Open requests transmitted more than 365 days ago."),
        Of("oldest_days", "Days since the transmission of the oldest open request."),
        Of("bloc",
            "EU or CIS: groups count by membership on the day of transmission; a partner's label is its membership on the as-of day."),
    ];

    static Definition Of(string term, string meaning) => new() { Term = term, Meaning = meaning };
}
