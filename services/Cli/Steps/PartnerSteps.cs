using Exchange.Requests.V1;

namespace Exchange.Cli;

/// <summary>What the requested side does; while it is off the exchange the requesting side records the same here.</summary>
static class PartnerSteps
{
    public static readonly StepCommand[] All =
    [
        .. new[]
        {
            StepCommand.Of(StepCode.ConfirmDelivery, "deliver", "Confirm that the letter has arrived.",
                ["", Recorded + " --document-reference RR123456785PL"], _ => _ => new() { ConfirmDelivery = new() }),
            StepCommand.Of(StepCode.Acknowledge, "acknowledge", "Confirm receipt.",
                ["--reference \"PK II Oz 12/26\"", $"{Recorded} --document-reference \"letter PK II Oz 12/26\""], inputs =>
            {
                var own = inputs.Text("--reference", "The partner's own reference of it", "TEXT");
                return taking => new() { Acknowledge = new() { Reference = taking.Text(own) } };
            }),
            StepCommand.Of(StepCode.Recognise, "recognise", "Decide to execute.", [""], inputs =>
            {
                var note = inputs.Note();
                return taking => new() { Recognise = new() { Note = taking.Text(note) } };
            }),
            StepCommand.Of(StepCode.StartExecution, "start", "Begin to execute.", [""], inputs =>
            {
                var note = inputs.Note();
                return taking => new() { StartExecution = new() { Note = taking.Text(note) } };
            }),
            new("ask", [StepCode.RequestSupplement], "Ask for more; the net clock stands still until it comes.",
                ["--text \"Which branch keeps the account?\"", "--text @question.txt --document form.pdf --handling H0"], inputs =>
            {
                var text = inputs.Long("--text", "What is needed; subjects by placeholder, as in the letter");
                var documents = new HandedOver(inputs, "--document", DocumentKind.Attachment);
                return async taking => new()
                {
                    RequestSupplement = new() { Question = taking.Text(text), Documents = { await documents.Names(taking) } },
                };
            }),
            StepCommand.Of(StepCode.Postpone, "postpone", "Say that the answer comes later, on a ground, UNTOC 18(25).",
                ["--ground own_proceedings_pending --expected-on 2027-01-31"], inputs =>
            {
                var ground = inputs.Ground("A ground that permits it: own_proceedings_pending", required: true);
                var expected = inputs.Add(Values.Day("--expected-on", "The day an answer is expected, if one can be named"));
                var note = inputs.Note();
                return taking => new() { Postpone = new() { Ground = taking.Text(ground), ExpectedOn = taking.Day(expected), Note = taking.Text(note) } };
            }),
            StepCommand.Of(StepCode.Forward, "forward", "Pass it on to the competent authority of your state.", ["--to \"Regional prosecutor, Gdansk\""], inputs =>
            {
                var to = inputs.Text("--to", "The competent authority", "AUTHORITY", required: true);
                return taking => new() { Forward = new() { Authority = taking.Text(to) } };
            }),
            StepCommand.Of(StepCode.ReportStatus, "report", "Say how things stand, UNTOC 18(24); a report is no answer.", ["--text \"Two of three witnesses were heard.\""], inputs =>
            {
                var text = inputs.Long("--text", "How things stand; subjects by placeholder, as in the letter");
                return taking => new() { ReportStatus = new() { Report = taking.Text(text) } };
            }),
            StepCommand.Of(StepCode.Return, "return", "Send the letter back for wrong authority, form or language; you sign it. Ends this letter, and is no answer.",
                ["--ground translation_missing --because \"a translation into Polish is needed\""], inputs =>
            {
                var ground = inputs.Ground("wrong_authority, form_defect, translation_missing or insufficient_information", required: true);
                var because = inputs.Because("What to mend");
                return taking => new() { ReturnLetter = new() { Ground = taking.Text(ground), Reason = taking.Text(because) } };
            }),
            new StepCommand("answer", [StepCode.Execute, StepCode.ExecuteInPart, StepCode.Refuse, StepCode.DeclareNotExecutable],
                "Answer, in full or in part; you sign it.",
                [
                    "--outcome executed --text \"Statements attached.\" --evidence statements.pdf --handling H1",
                    "--outcome partially-executed --measure obtaining_documents=done --measure hearing_of_witness=not-done:person_not_found --final",
                    "--outcome refused --ground dual_criminality_absent --text @reasons.txt",
                    $"--outcome executed {Recorded} --document-reference \"PK II Oz 12/26, 3 annexes\"",
                ], Answering.ActOf),
        }.Select(step => step with { OfPartner = true }),
    ];

    const string Recorded = "--on 2026-04-02";
}
