using Exchange.Platform;
using Exchange.Requests.V1;
using Exchange.Testing;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Exchange.Requests.Tests;

/// <summary>
/// A request full of what the partner must not see, and every field of every answer that it gets. What it must not see is a text that
/// stands nowhere else: a unit, a number of an officer, a day, an id.
/// </summary>
public sealed class WhatThePartnerSees(InboxFixture fixture) : IClassFixture<InboxFixture>
{
    const string CaseNumber = "canary-case-1";

    /// <summary>Rpcs that answer no officer of a partner, by a role or by what they are about.</summary>
    static readonly string[] NotForPartners =
    [
        "CreateDraft", "TakeStep", "GetLifecycle", "ImportRegister", "CheckRegister", "ReadJournal", "GetCheckpoint", "ProveInclusion",
        "ProveConsistency", "AcceptRestore",
        "GetStatus", "ReadClosedRequests", "ReadCaseNumbers",
        "BeginUpload", "UploadPieces", "GetUpload", "CompleteUpload", "MarkInbox", "KeepCase",
    ];

    readonly List<string> canaries = [];

    [Fact]
    public async Task Nothing_that_it_was_not_told()
    {
        var (investigator, prosecutor) = (Officer("investigator", "canary-unit-a"), Officer("prosecutor", "canary-unit-b"));
        var liaison = fixture.Appoint("PL", "liaison", "embassy");
        var (name, document) = await Life(investigator, prosecutor, liaison);

        var answers = await Answers(liaison, name, document);

        answers.Keys.Order().ShouldBe(Offered().Except(NotForPartners).Order());
        answers.Values.SelectMany(messages => messages).SelectMany(message => Canaries.FoundIn(message, canaries)).ShouldBeEmpty();
        // That the test looks where something is: told things are there.
        var (request, history) = ((MlaRequest)answers["GetRequest"][0], (GetHistoryResponse)answers["GetHistory"][0]);
        request.Subjects.Select(subject => (subject.Number, subject.Withdrawn)).ShouldBe([(2, false), (3, true)]);
        request.Facts.Reminders.Select(reminder => reminder.Rung).ShouldBe([Rung.Reminder]);
        history.Entries.Select(entry => entry.Step).ShouldBe(
        [
            StepCode.Transmit, StepCode.NameSubjects, StepCode.Acknowledge, StepCode.Remind, StepCode.RequestStatusReport,
            StepCode.ConfirmCorrection, StepCode.NameSubjects,
        ]);
        ((Custody)answers["GetCustody"][0]).Entries.Select(entry => entry.Handling)
            .ShouldBe([Handling.Received, Handling.Released]);
        ((ReadSubjectsResponse)answers["ReadSubjects"][0]).Requests.Single().Subjects.Select(subject => subject.Identity.Names.Single())
            .ShouldBe(["Told", "Told and withdrawn"]);
        // What the partner must not see is there for its owner.
        var own = await fixture.Registry(prosecutor).GetHistoryAsync(new() { Name = name });
        canaries.Where(canary => Canaries.FoundIn(own, [canary]).Any()).Count().ShouldBeGreaterThan(8);
    }

    [Fact]
    public async Task Nor_does_the_requester_see_what_the_partner_keeps_to_itself()
    {
        var prosecutor = fixture.Appoint(unit: "visible");
        var (liaison, colleague) = (Officer("liaison", "canary-unit-c", "PL"), Officer("liaison", "canary-unit-d", "PL"));
        using var author = fixture.AtHisDesk(fixture.Appoint(role: "investigator", unit: "visible"));
        using var approver = fixture.AtHisDesk(prosecutor);
        var name = (await author.Draft(Letter())).Name;
        await author.Take(name, act => act.Submit = new());
        await approver.Approve(name);
        await approver.Transmit(name);
        using var desk = fixture.AtHisDesk(liaison);
        using var second = fixture.AtHisDesk(colleague);
        await desk.Requests.ReadSubjectsAsync(
            new() { Names = { name }, Purpose = Purpose.Recognition, Justification = Canary("canary words") });
        await desk.Take(name, act => act.Assign = new() { Authority = Canary("canary-authority"), Unit = Canary("canary-assigned") });
        await desk.Take(name, act => act.Acknowledge = new() { Reference = "PK 1" });
        var acknowledged = await desk.Requests.GetRequestAsync(new() { Name = name });
        var proposed = await desk.Take(name, act => act.ProposeCorrection = new()
        {
            Version = VersionOf(acknowledged), Strike = true, Reason = Canary("canary reason"),
        });
        await second.Take(name, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.ProposedCorrection, StatementHash = proposed.ProposedCorrectionHash,
        });
        var kept = await HandIn(liaison, name, Canary("canary-title.pdf"));
        Canary(IdIn(kept));

        var answers = await Answers(prosecutor, name, kept);

        answers.Values.SelectMany(messages => messages).SelectMany(message => Canaries.FoundIn(message, canaries)).ShouldBeEmpty();
        ((GetHistoryResponse)answers["GetHistory"][0]).Entries.Select(entry => entry.Actor)
            .ShouldContain("exchange://PL/general-prosecutor");
        ((ListReadingsResponse)answers["ListReadings"][0]).Readings.Select(reading => (reading.State, reading.Purpose, reading.Officer))
            .ShouldBe([("PL", Purpose.Recognition, ""), ("BY", Purpose.Investigation, prosecutor.ToString())]);
    }

    /// <summary>A request to PL in whose life there is much that PL was not told, and a document that it was not given.</summary>
    async Task<(string Name, string Document)> Life(Caller investigator, Caller prosecutor, Caller liaison)
    {
        using var author = fixture.AtHisDesk(investigator);
        using var approver = fixture.AtHisDesk(prosecutor);
        using var partner = fixture.AtHisDesk(liaison);
        var letter = Letter();
        letter.NoKnownSubjects = false;
        var name = (await author.Draft(letter)).Name;
        var named = await author.Take(name, Adding("canary witness", "Told"));
        await author.Take(name, act => act.NameSubjects = new() { Withdraw = { named.Subjects[0].Name } });
        Canary(IdIn(named.Subjects[0].Name));
        var told = await HandIn(investigator, name, "told.pdf");
        await new Courier(fixture.Documents(investigator), (Purpose.Investigation, CaseNumber)).Read(told);
        await author.Take(name, act => act.Submit = new() { Note = Canary("canary note") });
        await approver.Take(name, act => act.Assign = new() { Authority = Canary("canary-office"), Unit = Canary("canary-desk") });
        await approver.Approve(name);
        await approver.Transmit(name);
        var more = await approver.Take(name, Adding("Told and withdrawn"));
        await fixture.Registry(investigator).ReadSubjectsAsync(new()
        {
            Names = { name }, Purpose = Purpose.Investigation, CaseNumber = CaseNumber, Justification = Canary("canary justification"),
        });
        await partner.Take(name, act => act.Acknowledge = new());
        await Reminded(name, prosecutor, Rung.Reminder, "2026-03-03");
        await Reminded(name, prosecutor, Rung.LiaisonChannel, Canary("2026-12-31"));
        await approver.Take(name, act => act.RequestStatusReport = new());
        var asked = VersionOf(await approver.Requests.GetRequestAsync(new() { Name = name }));
        var proposed = await approver.Take(name, act => act.ProposeCorrection = new()
        {
            Version = asked, Strike = true, Reason = Canary("canary mistake"),
        });
        using var second = fixture.AtHisDesk(Officer("prosecutor", "canary-unit-e"));
        await second.Take(name, act => act.ConfirmCorrection = new()
        {
            ProposedIn = proposed.ProposedCorrection, StatementHash = proposed.ProposedCorrectionHash,
        });
        await approver.Take(name, act => act.NameSubjects = new() { Withdraw = { more.Subjects[2].Name }, Reason = "a namesake" });
        Canary(IdIn(await HandIn(investigator, name, Canary("canary-title.pdf"))));
        return (name, told);
    }

    async Task Reminded(string name, Caller by, Rung rung, string on)
    {
        var state = (await fixture.Store.Find([RequestId.Parse(name)], null, default)).Values.Single();
        await fixture.Remind(state, by, rung, on);
    }

    static Action<Act> Adding(params string[] names) => act => act.NameSubjects = new()
    {
        Add =
        {
            names.Select(one => new NewSubject
            {
                Kind = SubjectKind.Person, Role = SubjectRole.Witness, Identity = new() { Names = { one } },
            }),
        },
        Reason = "came up",
    };

    async Task<string> HandIn(Caller officer, string name, string title)
    {
        var courier = new Courier(fixture.Documents(officer), (Purpose.Investigation, CaseNumber));
        var content = Courier.Made(10);
        var announcement = Courier.Announcement(name, content);
        announcement.Title = title;
        return (await courier.Complete(await courier.Send(await courier.Client.BeginUploadAsync(announcement), content))).Name;
    }

    /// <summary>All that an officer is answered about a request, by rpc.</summary>
    async Task<Dictionary<string, List<IMessage>>> Answers(Caller officer, string name, string document)
    {
        await fixture.Settled();
        var (registry, inbox, documents, cases) =
            (fixture.Registry(officer), fixture.As(officer), fixture.Documents(officer), fixture.Cases(officer));
        using var watch = inbox.WatchInbox(new());
        Dictionary<string, Func<Task<List<IMessage>>>> calls = new()
        {
            ["GetRequest"] = async () => [await registry.GetRequestAsync(new() { Name = name })],
            ["ListRequests"] = async () => [await registry.ListRequestsAsync(new() { PageSize = 1_000 })],
            ["GetLetter"] = async () => [await registry.GetLetterAsync(new() { Name = name })],
            ["GetHistory"] = async () => [await registry.GetHistoryAsync(new() { Name = name })],
            ["GetTraces"] = async () => [await registry.GetTracesAsync(new() { Name = name })],
            ["ReadSubjects"] = async () => [await registry.ReadSubjectsAsync(new()
            {
                Names = { name }, Purpose = officer.State == "PL" ? Purpose.Recognition : Purpose.Investigation,
                CaseNumber = officer.State == "PL" ? "" : CaseNumber, Justification = "competence",
            })],
            ["ListReadings"] = async () => [await registry.ListReadingsAsync(new() { Name = name })],
            ["ListInbox"] = async () => [await inbox.ListInboxAsync(new() { AfterSealedNo = -1, PageSize = 1_000 })],
            ["WatchInbox"] = async () => await watch.ResponseStream.MoveNext(default) ? [watch.ResponseStream.Current] : [],
            ["ListDocuments"] = async () => [await documents.ListDocumentsAsync(new() { Request = name })],
            ["GetCustody"] = async () => [await documents.GetCustodyAsync(new() { Name = document })],
            ["ReadDocument"] = async () => [await First(documents.ReadDocument(new() { Name = document, Purpose = Purpose.Recognition }))],
            ["ListCases"] = async () => [await cases.ListCasesAsync(new() { PageSize = 1_000 })],
            ["GetCase"] = async () => [await cases.GetCaseAsync(new() { Number = CaseNumber })],
        };
        Dictionary<string, List<IMessage>> answers = [];
        foreach (var (rpc, call) in calls)
        {
            try
            {
                answers[rpc] = await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
            {
                answers[rpc] = [];
            }
        }
        return answers;
    }

    static async Task<ReadDocumentResponse> First(AsyncServerStreamingCall<ReadDocumentResponse> call)
    {
        using var _ = call;
        await call.ResponseStream.MoveNext(default);
        return call.ResponseStream.Current;
    }

    static IEnumerable<string> Offered() => new ServiceDescriptor[]
    {
        RequestRegistry.Descriptor, OfficerInbox.Descriptor, DocumentExchange.Descriptor, CaseRegistry.Descriptor,
    }.SelectMany(service => service.Methods).Select(method => method.Name);

    static V1.Letter Letter()
    {
        var letter = Letters.Complete("UNTOC-2000");
        letter.CaseNumber = CaseNumber;
        return letter;
    }

    /// <summary>An officer whose unit and number must not be seen.</summary>
    Caller Officer(string role, string unit, string state = "BY")
    {
        var officer = fixture.Appoint(state, role, unit);
        Canary(unit);
        Canary($"/{unit}/{officer.OfficerNumber}");
        return officer;
    }

    string Canary(string text)
    {
        canaries.Add(text);
        return text;
    }

    static string IdIn(string name) => name[(name.LastIndexOf('/') + 1)..];

    static int VersionOf(MlaRequest request) => int.Parse(request.Etag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
}
