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
                ["--reference \"PK II Oz 12/26\"", $"{Recorded} --document-reference \"letter PK II Oz 12/26\""], options =>
            {
                var own = options.Text("--reference", "The partner's own reference of it", "TEXT");
                return context => new() { Acknowledge = new() { Reference = context.Text(own) } };
            }),
            StepCommand.Of(StepCode.Recognise, "recognise", "Decide to execute.", [""], options =>
            {
                var note = options.Note();
                return context => new() { Recognise = new() { Note = context.Text(note) } };
            }),
            StepCommand.Of(StepCode.StartExecution, "start", "Begin to execute.", [""], options =>
            {
                var note = options.Note();
                return context => new() { StartExecution = new() { Note = context.Text(note) } };
            }),
            new("ask", [StepCode.RequestSupplement], "Ask for more; the net clock stands still until it comes.",
                ["--text \"Which branch keeps the account?\"", "--text @question.txt --document form.pdf --handling H0"], options =>
            {
                var text = options.Long("--text", "What is needed; subjects by placeholder, as in the letter");
                var documents = new AttachedDocuments(options, "--document", DocumentKind.Attachment);
                return async context => new()
                {
                    RequestSupplement = new() { Question = context.Text(text), Documents = { await documents.Names(context) } },
                };
            }),
            StepCommand.Of(StepCode.Postpone, "postpone", "Say that the answer comes later, on a ground, UNTOC 18(25).",
                ["--ground own_proceedings_pending --expected-on 2027-01-31"], options =>
            {
                var ground = options.Ground("A ground that permits it: own_proceedings_pending", required: true);
                var expected = options.Add(TypedOptions.Day("--expected-on", "The day an answer is expected, if one can be named"));
                var note = options.Note();
                return context => new()
                {
                    Postpone = new() { Ground = context.Text(ground), ExpectedOn = context.Day(expected), Note = context.Text(note) },
                };
            }),
            StepCommand.Of(StepCode.Forward, "forward", "Pass it on to the competent authority of your state.",
                ["--to \"Regional prosecutor, Gdansk\""], options =>
            {
                var to = options.Text("--to", "The competent authority", "AUTHORITY", required: true);
                return context => new() { Forward = new() { Authority = context.Text(to) } };
            }),
            StepCommand.Of(StepCode.ReportStatus, "report", "Say how things stand, UNTOC 18(24); a report is no answer.",
                ["--text \"Two of three witnesses were heard.\""], options =>
            {
                var text = options.Long("--text", "How things stand; subjects by placeholder, as in the letter");
                return context => new() { ReportStatus = new() { Report = context.Text(text) } };
            }),
            StepCommand.Of(StepCode.Return, "return",
                "Send the letter back for wrong authority, form or language; you sign it. Ends this letter, and is no answer.",
                ["--ground translation_missing --because \"a translation into Polish is needed\""], options =>
            {
                var ground = options.Ground("wrong_authority, form_defect, translation_missing or insufficient_information",
                    required: true);
                var because = options.Because("What to mend");
                return context => new() { ReturnLetter = new() { Ground = context.Text(ground), Reason = context.Text(because) } };
            }),
            new StepCommand("answer", [StepCode.Execute, StepCode.ExecuteInPart, StepCode.Refuse, StepCode.DeclareNotExecutable],
                "Answer, in full or in part; you sign it.",
                [
                    "--outcome executed --text \"Statements attached.\" --evidence statements.pdf --handling H1",
                    "--outcome partially-executed --measure obtaining_documents=done --measure"
                        + " hearing_of_witness=not-done:person_not_found --final",
                    "--outcome refused --ground dual_criminality_absent --text @reasons.txt",
                    $"--outcome executed {Recorded} --document-reference \"PK II Oz 12/26, 3 annexes\"",
                ], AnswerOptions.ActOf),
        }.Select(step => step with { OfPartner = true }),
    ];

    const string Recorded = "--on 2026-04-02";
}
