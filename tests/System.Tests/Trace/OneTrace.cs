using System.Globalization;

namespace Exchange.System.Tests;

/// <summary>One call is one trace, over services and broker to the last transaction; and it tells of nobody.</summary>
public sealed class OneTrace(WithATracedImport watched) : IClassFixture<WithATracedImport>
{
    const string Calling = "exchange-cli POST";
    const string Import = "exchange-requests exchange.requests.v1.RequestRegistry/ImportRegister";
    const string Writing = "exchange-requests ledger append";
    const string Publishing = "exchange-requests outbox publish";
    const string Sending = "exchange-requests send Exchange.Contracts:RequestChanged";

    readonly SpanTree tree = watched.Import;

    [Fact]
    public void Leads_from_the_command_into_the_ledgers_transaction() =>
        tree.Along(Calling, Import, Writing, "exchange-requests INSERT journal").ShouldAllBe(span => span.Source == "Npgsql");

    [Fact]
    public void Counts_every_letter_in_the_spans_of_what_was_written_together()
    {
        var import = tree.Along(Calling, Import).ShouldHaveSingleItem();

        tree.Along(Writing).Where(span => span.Parent == import.Id)
            .Sum(span => int.Parse(span["exchange.appends"]!, CultureInfo.InvariantCulture))
            .ShouldBe(WithATracedImport.Letters, $"{tree}");
    }

    [Theory]
    [InlineData("tracking")]
    [InlineData("correlation")]
    public void Leads_through_outbox_and_broker_to_each_consumer_and_its_transaction(string consumer)
    {
        var service = $"exchange-{consumer}";
        var taken = tree.Along(Calling, Import, Publishing, Sending, $"{service} receive {consumer}-request-changed",
            $"{service} process {consumer}-request-changed", $"{service} take RequestChanged");

        taken.Select(span => span["exchange.request"]).Distinct().Count().ShouldBe(WithATracedImport.Letters, $"{tree}");
        // What came together shares a transaction: it runs under one of them, which the others name.
        var writing = taken.Where(span => tree.Below(span).Any(below => below.Service == service && below.Source == "Npgsql")).ToArray();
        writing.ShouldNotBeEmpty($"{tree}");
        taken.Except(writing).ShouldAllBe(span => writing.Any(span.LinksTo), $"{tree}");
    }

    [Fact]
    public void Leads_back_into_requests_where_correlation_reads_the_subjects() =>
        tree.Along(Import, "exchange-correlation take RequestChanged", "exchange-correlation POST",
            "exchange-requests exchange.requests.v1.RequestRegistry/ReadSubjects", Writing, "exchange-requests INSERT journal");

    [Fact]
    public void Has_every_parent_and_all_four_who_took_part()
    {
        tree.Strays.ShouldBeEmpty($"{tree}");
        tree.Spans.Select(span => span.Service).Distinct()
            .ShouldBe(["exchange-cli", "exchange-requests", "exchange-tracking", "exchange-correlation"], ignoreOrder: true);
    }

    [Fact]
    public void Names_each_call_and_how_it_ended()
    {
        var import = tree.Along(Import).ShouldHaveSingleItem();

        import["rpc.system.name"].ShouldBe("grpc");
        import["rpc.method"].ShouldBe("exchange.requests.v1.RequestRegistry/ImportRegister");
        import["rpc.status_code"].ShouldBe("OK");
    }

    [Fact]
    public void Names_each_message_by_the_same_conventions()
    {
        foreach (var (operation, type) in new[] { ("send", "send"), ("receive", "receive"), ("process", "process") })
        {
            var spans = tree.Spans.Where(span => span.Source == "MassTransit" && span["messaging.operation.name"] == operation).ToList();
            spans.ShouldNotBeEmpty();
            spans.ShouldAllBe(
                span => span["messaging.system"] == "rabbitmq" && span["messaging.operation.type"] == type
                    && span["messaging.operation"] == null);
            spans.ShouldAllBe(span => span.Span.Name == $"{operation} {span["messaging.destination.name"]}");
        }
    }

    [Fact]
    public void Says_of_a_letter_its_opaque_id_and_the_states()
    {
        foreach (var span in tree.Spans.Where(span => span.Span.Name == "take RequestChanged"))
        {
            Guid.TryParse(span["exchange.request"]?["requests/".Length..], out _).ShouldBeTrue();
            (span["exchange.requesting_state"], span["exchange.requested_state"]).ShouldBe(("BY", "PL"));
        }
    }

    [Fact]
    public void Tells_of_no_person_letter_or_case_in_any_span_metric_or_log()
    {
        watched.Receiver.Paths.ShouldBe(["/v1/traces", "/v1/metrics", "/v1/logs"], ignoreOrder: true);
        // That something can be heard: constant statements, and the words of a log message.
        watched.Receiver.Heard("INSERT INTO journal").ShouldBeTrue();
        watched.Receiver.Heard("Application started").ShouldBeTrue();

        WithATracedImport.Secrets.Where(watched.Receiver.Heard).ShouldBeEmpty();
    }
}
