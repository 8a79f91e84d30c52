using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Exchange.Client;
using Exchange.Platform;
using Exchange.Requests.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Exchange.Cli.Tests;

public sealed class TakingSteps(CannedServices services) : IClassFixture<CannedServices>, IDisposable
{
    const string Reference = "BY-2006-000042";

    public void Dispose()
    {
        services.Requests.Steps.Clear();
        services.Requests.Refusal = null;
        services.Requests.AnswersToLose = 0;
    }

    public static TheoryData<string, string> Lines => new()
    {
        { "submit REF --note soon", """{"submit": {"note": "soon"}}""" },
        { "send-back REF --because unclear", """{"sendBack": {"reason": "unclear"}}""" },
        { "approve REF", """{"approve": {"letterHash": "HASH"}}""" },
        { "transmit REF --channel off-exchange --posted-on 2026-03-02 --hash AB07",
            """{"transmit": {"letterHash": "HASH", "channel": "OFF_EXCHANGE", "postedOn": "2026-03-02"}}""" },
        { "transmit-alone REF --channel on-exchange --stake life --because tonight",
            """
            {"transmitAlone": {"letterHash": "HASH", "channel": "ON_EXCHANGE", "stake": "STAKE_LIFE", "reason": "tonight"}}
            """ },
        { "confirm-transmission REF --hash AB07", """{"confirmTransmission": {"letterHash": "HASH"}}""" },
        { "amend REF FILE --because more", """{"amend": {"letter": {"caseNumber": "BY-1", "urgency": "URGENT"}, "reason": "more"}}""" },
        { "edit REF FILE", """{"saveDraft": {"letter": {"caseNumber": "BY-1", "urgency": "URGENT"}}}""" },
        { "supply REF --reply here", """{"provideSupplement": {"reply": "here"}}""" },
        { "ask-status REF", """{"requestStatusReport": {}}""" },
        { "withdraw REF --because closed", """{"withdraw": {"reason": "closed"}}""" },
        { "close REF --note done", """{"close": {"note": "done"}}""" },
        { "close-unanswered REF --because late", """{"closeUnanswered": {"reason": "late"}}""" },
        { "adopt REF", """{"adopt": {}}""" },
        { "channel REF --to on-exchange --because joined", """{"changeChannel": {"channel": "ON_EXCHANGE", "reason": "joined"}}""" },
        { "assign REF --to general-prosecutor/international/1002",
            """{"assign": {"authority": "general-prosecutor", "unit": "international", "officer": "1002"}}""" },
        { "assign REF --to general-prosecutor", """{"assign": {"authority": "general-prosecutor"}}""" },
        { "deliver REF --on 2026-03-05 --document-reference RR1",
            """{"occurredOn": "2026-03-05", "documentReference": "RR1", "confirmDelivery": {}}""" },
        { "acknowledge REF --reference Oz12", """{"acknowledge": {"reference": "Oz12"}}""" },
        { "recognise REF", """{"recognise": {}}""" },
        { "start REF --note begun", """{"startExecution": {"note": "begun"}}""" },
        { "ask REF --text which?", """{"requestSupplement": {"question": "which?"}}""" },
        { "postpone REF --ground own_proceedings_pending --expected-on 2027-01-31",
            """{"postpone": {"ground": "own_proceedings_pending", "expectedOn": "2027-01-31"}}""" },
        { "forward REF --to Gdansk", """{"forward": {"authority": "Gdansk"}}""" },
        { "report REF --text underway", """{"reportStatus": {"report": "underway"}}""" },
        { "return REF --ground form_defect --because seal", """{"returnLetter": {"ground": "form_defect", "reason": "seal"}}""" },
        { "answer REF --outcome partially-executed --measure obtaining_documents=done,hearing_of_witness=not-done:person_not_found --final",
            """
            {"answer": {"outcome": "OUTCOME_PARTIALLY_EXECUTED", "final": true,
              "measures": [{"measure": "obtaining_documents", "done": true},
                {"measure": "hearing_of_witness", "ground": "person_not_found"}]}}
            """ },
        { "answer REF --outcome refused --ground ne_bis_in_idem --text reasons",
            """{"answer": {"outcome": "OUTCOME_REFUSED", "ground": "ne_bis_in_idem", "text": "reasons"}}""" },
        { "answer REF --outcome executed",
            """{"answer": {"outcome": "OUTCOME_EXECUTED", "measures": [{"measure": "search_and_seizure", "done": true}]}}""" },
        { "correct REF --version 4 --step 1 --on 2026-04-02 --because stamp",
            """{"proposeCorrection": {"version": 4, "step": 1, "occurredOn": "2026-04-02", "reason": "stamp"}}""" },
        { "correct REF --version 4 --strike --because other",
            """{"proposeCorrection": {"version": 4, "strike": true, "reason": "other"}}""" },
        { "correct REF --version 4 --outcome refused --ground immunity_privilege_press --because misread",
            """
            {"proposeCorrection": {"version": 4, "outcome": "OUTCOME_REFUSED", "ground": "immunity_privilege_press",
              "reason": "misread"}}
            """ },
        { "correct-own REF --version 4 --strike --because other",
            """{"correctOwnEntry": {"version": 4, "strike": true, "reason": "other"}}""" },
        { "confirm-correction REF", """{"confirmCorrection": {"proposedIn": 3}}""" },
        { "reject-correction REF --because ours", """{"rejectCorrection": {"proposedIn": 3, "reason": "ours"}}""" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Every_step_reaches_the_service_as_it_was_said(string line, string act)
    {
        var file = Path.Combine(services.Folder, "letter.json");
        File.WriteAllText(file, """{"case_number": "BY-1", "urgency": "URGENT"}""");
        var printed = await services.Run($"request {line.Replace("REF", Reference).Replace("FILE", file)}");
        printed.ExitCode.ShouldBe(ExitCode.Ok, printed.Error);

        var taken = services.Requests.Steps.ShouldHaveSingleItem().Act.Clone();
        (taken.Request, taken.Etag).ShouldBe((Sample.Request.Name, Sample.Request.Etag));
        Guid.Parse(taken.CommandId).Version.ShouldBe(7);
        (taken.Request, taken.Etag, taken.CommandId) = ("", "", "");
        taken.ShouldBe(Act.Parser.ParseJson(act.Replace("HASH", CannedRequests.LetterHash.ToBase64())));
    }

    [Fact]
    public void No_step_is_left_out_above()
    {
        var lines = Lines.Select(row => row.Data.Item1.Split(' ')[0]).ToHashSet();
        StepCommands.All.Select(step => step.Name).ShouldBeSubsetOf(lines);
    }

    [Fact]
    public void Every_step_an_officer_takes_by_an_act_has_a_command() =>
        System.Enum.GetValues<StepCode>().Where(step => StepResult.CommandFor(step) is null)
            .ShouldBe([StepCode.Unspecified, StepCode.Supersede, StepCode.LapseTransmission]);

    [Fact]
    public async Task What_binds_a_state_is_signed_with_the_key_of_the_caller()
    {
        await services.Run($"request answer {Reference} --outcome executed --as prosecutor-2");
        var step = services.Requests.Steps.ShouldHaveSingleItem();

        step.Signature.Algorithm.ShouldBe("ES256");
        step.Signature.Content[0].ShouldBe((byte)0x02);
        ActStatement.Parser.ParseFrom(step.Signature.Content.Span[1..].ToArray())
            .ShouldBe(ActStatements.Of(step.Act, step.Openings, _ => ByteString.Empty));
        using var certificate = X509CertificateLoader.LoadCertificate(step.Signature.Certificate.Span);
        TrustAnchors.IdentityOf(certificate, CallerRole.OfOfficers)!.ToString()
            .ShouldBe("exchange://BY/general-prosecutor/international/1002?role=prosecutor");
        using var key = certificate.GetECDsaPublicKey()!;
        key.VerifyData(step.Signature.Content.Span, step.Signature.Value.Span, HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    [Theory]
    [InlineData("ask REF --text which?")]
    [InlineData("withdraw REF --because closed")]
    public async Task What_does_not_bind_from_here_is_not_signed(string line)
    {
        await services.Run($"request {line.Replace("REF", Reference)}");
        services.Requests.Steps.ShouldHaveSingleItem().Signature.ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_by_the_same_command()
    {
        services.Requests.AnswersToLose = 2;
        var printed = await services.Run($"request recognise {Reference}");
        printed.ExitCode.ShouldBe(ExitCode.Ok);
        services.Requests.Steps.Count.ShouldBe(3);
        services.Requests.Steps.Select(step => step.Act.CommandId).Distinct().ShouldHaveSingleItem();
        printed.Error.ShouldContain("the same command is sent again");
    }

    [Fact]
    public async Task Afterwards_it_says_where_the_request_stands_and_what_comes_next()
    {
        var printed = await services.Run($"request recognise {Reference}", width: 120);
        printed.Out.ShouldBe(
            """
            BY-2006-000042 is partially executed (version 4).
            You may now: supply, answer, document add, confirm-correction.

            """);
        TakeStepResponse.Parser.ParseJson((await services.Run($"request recognise {Reference} --format json")).Out).Version.ShouldBe(4);
    }

    [Theory]
    [InlineData("@FILE", "from a file")]
    [InlineData("-", "from a pipe")]
    public async Task Long_texts_come_from_a_file_or_a_pipe(string text, string said)
    {
        var file = Path.Combine(services.Folder, "text.txt");
        File.WriteAllText(file, "from a file\n");
        await services.Run(["request", "report", Reference, "--text", text.Replace("FILE", file)], input: "from a pipe\n");
        services.Requests.Steps.ShouldHaveSingleItem().Act.ReportStatus.Report.ShouldBe(said);
    }

    [Theory]
    [InlineData("request report REF --text @nothing.txt", "nothing.txt cannot be read.")]
    [InlineData("request approve REF --hash ffff", "The letter is not the one you read")]
    [InlineData("request answer REF --outcome executed --measure hearing_of_witness=perhaps", "does not say what became of a measure")]
    [InlineData("request answer REF --outcome executed --evidence nothing.pdf", "is neither a file here nor a document")]
    [InlineData("request edit REF nothing.json", "nothing.json cannot be read.")]
    [InlineData("subject withdraw REF 9", "has no subject 9.")]
    public async Task What_cannot_be_meant_is_not_sent(string line, string why)
    {
        var printed = await services.Run(line.Replace("REF", Reference));
        printed.ExitCode.ShouldNotBe(ExitCode.Ok);
        printed.Error.ShouldContain(why);
        services.Requests.Steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "STEP_NOT_ALLOWED", "exchange lifecycle --of REFERENCE shows what you may do now.")]
    [InlineData(StatusCode.FailedPrecondition, "OWN_CORRECTION", "It takes a second officer of your side")]
    [InlineData(StatusCode.Aborted, "CHANGED_MEANWHILE", "run the command again if it still stands")]
    [InlineData(StatusCode.Aborted, "LETTER_AMENDED", "Read the new version")]
    public async Task A_refusal_says_what_to_do_instead(StatusCode code, string reason, string remedy)
    {
        services.Requests.Refusal = Refused(code, "No, and this is why.", new ErrorInfo { Reason = reason, Domain = "exchange" });
        var printed = await services.Run($"request recognise {Reference}");
        printed.ExitCode.ShouldBe(ExitCode.Failed);
        printed.Error.ShouldStartWith($"exchange: No, and this is why.\n  reason: {reason}\n  ");
        printed.Error.ShouldContain(remedy);
        services.Requests.Steps.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Every_fault_is_named_by_the_option_that_it_came_from()
    {
        services.Requests.Refusal = Refused(StatusCode.InvalidArgument, "No.", new BadRequest
        {
            FieldViolations = { Violation("act.occurred_on", "a"), Violation("act.answer.measures[1].ground", "b"),
                Violation("act.answer.text", "c"), Violation("letter.penalty", "d"),
            Violation("act.name_subjects.add[0].identity.birth_date", "e") },
        });
        var printed = await services.Run($"request answer {Reference} --outcome executed");
        printed.ExitCode.ShouldBe(ExitCode.Usage);
        printed.Error.ShouldContain(
            "  - --on: a\n  - --measure, value 2: b\n  - --text: c\n  - letter.penalty: d\n  - subject 1, birth_date: e\n");
    }

    static BadRequest.Types.FieldViolation Violation(string field, string description) => new()
    {
        Field = field, Description = description,
    };

    static RpcException Refused(StatusCode code, string sentence, IMessage detail) =>
        new Google.Rpc.Status { Code = (int)code, Message = sentence, Details = { Any.Pack(detail) } }.ToRpcException();
}
