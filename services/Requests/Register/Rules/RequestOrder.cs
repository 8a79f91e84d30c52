using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>Checks the order of the days in a row of the requests file.</summary>
static class RequestOrder
{
    public static void Check(RowReading reading, RequestRow request)
    {
        CheckDurations(reading, request);
        CheckPairs(reading, request);
        CheckOddities(reading, request);
    }

    static void CheckDurations(RowReading reading, RequestRow request)
    {
        // Without a day of transmission, itself a fault, nothing lies before it.
        void NotBeforeTransmission(DateOnly? day, string column, string code, string what)
        {
            if (day < request.TransmittedOn)
                reading.Fault(column, code, $"{what} lies before the transmission. Mend {column} or transmitted_on.");
        }

        var ended = request.Outcome is Outcome.Withdrawn or Outcome.Returned;
        NotBeforeTransmission(request.AcknowledgedOn, "acknowledged_on", "acknowledgement_before_transmission", "The acknowledgement");
        NotBeforeTransmission(request.SupplementRequestedOn, "supplement_requested_on", "question_before_transmission",
            "The partner's question");
        NotBeforeTransmission(request.SupplementProvidedOn, "supplement_provided_on", "supplement_before_transmission", "The supplement");
        NotBeforeTransmission(request.RespondedOn, "responded_on",
            ended ? "end_before_transmission" : "answer_before_transmission", ended ? "The end" : "The answer");

        if (request.SupplementProvidedOn < request.SupplementRequestedOn)
            reading.Fault("supplement_provided_on", "supplement_before_question",
                "The supplement lies before the question it answers. Mend one of the two days.");
    }

    static void CheckPairs(RowReading reading, RequestRow request)
    {
        if (reading["supplement_provided_on"].Length > 0 && reading["supplement_requested_on"].Length == 0)
            reading.Fault("supplement_provided_on", "supplement_without_question",
                "A supplement without the day it was asked for. Fill in supplement_requested_on.");
        if (reading["outcome"].Length > 0 && reading["responded_on"].Length == 0)
            reading.Fault("responded_on", "outcome_without_day", "An outcome without its day. Fill in responded_on.");
        if (reading["outcome"].Length == 0 && reading["responded_on"].Length > 0)
            reading.Fault("outcome", "day_without_outcome",
                "A day without an outcome. Fill in outcome, or empty responded_on while the request is open.");
    }

    static void CheckOddities(RowReading reading, RequestRow request)
    {
        if (request.SupplementRequestedOn < request.AcknowledgedOn)
            reading.Warn("supplement_requested_on", "question_before_acknowledgement",
                "The partner asked before it acknowledged; both days are kept.");
        if (request.AcknowledgedOn > request.RespondedOn)
            reading.Warn("acknowledged_on", "acknowledgement_after_end",
                "The acknowledgement came after the answer or end; both days are kept.");
        if (request.SupplementRequestedOn > request.RespondedOn)
            reading.Warn("supplement_requested_on", "question_after_end", "The partner asked after the answer or end; both days are kept.");
        if (request.SupplementProvidedOn > request.RespondedOn)
            reading.Warn("supplement_provided_on", "supplement_after_end",
                "The supplement came after the answer or end; both days are kept.");
    }
}
