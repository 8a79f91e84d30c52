using Exchange.Testing.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Exchange.Platform.Tests.MissingPackages;

/// <summary>The stand-ins carry real calls between the real server and the real client.</summary>
public sealed class GrpcRoundTrip(EchoHost host) : IClassFixture<EchoHost>
{
    [Fact]
    public async Task One_message_up_and_one_down_with_headers_and_trailers()
    {
        using var call = Client().SayAsync(new SayRequest { Text = "hello" }, new Metadata { { "x-text", "a" }, { "x-bytes-bin", [1, 0, 255] } });

        (await call).Text.ShouldBe("hello");
        (await call.ResponseHeadersAsync).GetValue("heard").ShouldBe("5");
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        var trailers = call.GetTrailers();
        trailers.GetValue("x-text").ShouldBe("a");
        trailers.GetValueBytes("x-bytes-bin").ShouldBe([1, 0, 255]);
        trailers.GetValue("method").ShouldBe("/exchange.testing.v1.EchoService/Say");
        trailers.GetValue("seen-by").ShouldBe("unary");
        trailers.GetValue("has-deadline").ShouldBe("False");
    }

    [Fact]
    public void One_message_up_and_one_down_without_awaiting() =>
        Client().Say(new SayRequest { Text = "hello" }).Text.ShouldBe("hello");

    [Fact]
    public async Task Many_messages_up_and_one_down()
    {
        using var call = Client().Collect();
        for (var number = 0; number < 500; number++)
            await call.RequestStream.WriteAsync(new SayRequest { Text = $"{number}" });
        await call.RequestStream.CompleteAsync();

        (await call).Text.ShouldBe(string.Join(' ', Enumerable.Range(0, 500)));
        call.GetTrailers().GetValue("seen-by").ShouldBe("client streaming");
    }

    [Fact]
    public async Task One_message_up_and_many_down()
    {
        using var call = Client().Repeat(new RepeatRequest { Text = "again", Times = 1000 });
        var heard = new List<string>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
            heard.Add(response.Text);

        heard.ShouldBe(Enumerable.Range(1, 1000).Select(time => $"again {time}"));
        call.GetTrailers().GetValue("seen-by").ShouldBe("server streaming");
    }

    [Fact]
    public async Task Messages_both_ways_in_turn()
    {
        using var call = Client().Talk();
        foreach (var word in new[] { "one", "two", "three" })
        {
            await call.RequestStream.WriteAsync(new SayRequest { Text = word });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Text.ShouldBe(word.ToUpperInvariant());
        }
        await call.RequestStream.CompleteAsync();

        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        call.GetTrailers().GetValue("seen-by").ShouldBe("duplex streaming");
    }

    [Fact]
    public async Task A_deadline_that_passes_ends_the_call_and_the_server_knows_of_it()
    {
        await using var own = await Own();
        var client = new EchoService.EchoServiceClient(own.Channel());
        // The handshake is done before the clock runs, so that the call is on the server in time.
        await client.SayAsync(new SayRequest());
        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500);

        var error = await Should.ThrowAsync<RpcException>(async () => await client.WaitAsync(new SayRequest(), deadline: deadline));

        error.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await own.GivenUp.Seen.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_on_the_server_too()
    {
        await using var own = await Own();
        using var cancellation = new CancellationTokenSource();
        using var call = new EchoService.EchoServiceClient(own.Channel()).WaitAsync(new SayRequest(), cancellationToken: cancellation.Token);
        await own.GivenUp.Started.WaitAsync(TimeSpan.FromSeconds(10));
        await cancellation.CancelAsync();

        (await Should.ThrowAsync<RpcException>(async () => await call)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await own.GivenUp.Seen.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_error_comes_with_its_trailers_and_its_details()
    {
        var error = await Should.ThrowAsync<RpcException>(async () => await Client().RefuseAsync(new SayRequest()));

        error.Status.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldBe("No.");
        error.Message.ShouldContain("Detail=\"No.\"");
        error.Trailers.GetValue("advice").ShouldBe("tomorrow");
        var details = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        details.Details.Single().Unpack<ErrorInfo>().Domain.ShouldBe("testing");
    }

    [Fact]
    public async Task Messages_are_compressed_with_gzip_where_asked()
    {
        var encodings = new List<string>();
        var channel = host.Channel(observe: response =>
            encodings.AddRange(response.Headers.TryGetValues("grpc-encoding", out var values) ? values : []));
        var text = new string('a', MostOf(EchoHost.MessageLimit));
        using var call = new EchoService.EchoServiceClient(channel)
            .SayAsync(new SayRequest { Text = text }, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        (await call).Text.ShouldBe(text);
        encodings.ShouldBe(["gzip"]);
        call.GetTrailers().GetValue("request-encoding").ShouldBe("gzip");
    }

    [Fact]
    public async Task A_message_above_the_limit_of_the_server_is_refused()
    {
        var error = await Should.ThrowAsync<RpcException>(async () =>
            await Client().SayAsync(new SayRequest { Text = new string('a', EchoHost.MessageLimit + 1) }));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task A_message_above_the_limit_of_the_client_is_refused()
    {
        var channel = host.Channel(options => options.MaxReceiveMessageSize = 100);

        var error = await Should.ThrowAsync<RpcException>(async () =>
            await new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest { Text = new string('a', 200) }));

        error.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Client_interceptors_see_calls_of_each_kind_the_first_one_first()
    {
        var client = new EchoService.EchoServiceClient(
            host.Channel().Intercept(new SigningInterceptor("outer"), new SigningInterceptor("inner")));
        using var unary = client.SayAsync(new SayRequest());
        await unary;
        using var down = client.Repeat(new RepeatRequest());
        (await down.ResponseStream.MoveNext()).ShouldBeFalse();
        using var up = client.Collect();
        await up.RequestStream.CompleteAsync();
        await up;
        using var both = client.Talk();
        await both.RequestStream.CompleteAsync();
        (await both.ResponseStream.MoveNext()).ShouldBeFalse();

        foreach (var trailers in new[] { unary.GetTrailers(), down.GetTrailers(), up.GetTrailers(), both.GetTrailers() })
            string.Join(", ", trailers.GetAll("x-signed").Select(entry => entry.Value)).ShouldBe("outer, inner");
    }

    [Fact]
    public async Task Headers_can_be_made_by_a_function()
    {
        var invoker = host.Channel().Intercept(headers => [.. headers, new Metadata.Entry("x-made", "yes")]);
        using var call = new EchoService.EchoServiceClient(invoker).SayAsync(new SayRequest(), new Metadata { { "x-own", "kept" } });
        await call;

        call.GetTrailers().GetValue("x-made").ShouldBe("yes");
        call.GetTrailers().GetValue("x-own").ShouldBe("kept");
    }

    [Fact]
    public async Task Credentials_of_the_channel_and_of_the_call_add_their_headers()
    {
        var ofChannel = CallCredentials.FromInterceptor((context, headers) =>
        {
            headers.Add("authorization", $"Bearer {new Uri(context.ServiceUrl).AbsolutePath} {context.MethodName}");
            return Task.CompletedTask;
        });
        var ofCall = CallCredentials.Compose(Header("x-first"), Header("x-second"));
        var channel = host.Channel(options => options.Credentials = ChannelCredentials.Create(ChannelCredentials.SecureSsl, ofChannel));
        using var call = new EchoService.EchoServiceClient(channel).SayAsync(new SayRequest(), new CallOptions(credentials: ofCall));
        await call;

        call.GetTrailers().GetValue("authorization").ShouldBe("Bearer /exchange.testing.v1.EchoService Say");
        call.GetTrailers().GetValue("x-first").ShouldBe("set");
        call.GetTrailers().GetValue("x-second").ShouldBe("set");
    }

    [Fact]
    public async Task The_certificate_of_the_caller_is_known_to_the_service()
    {
        using var certificate = EchoHost.Certificate("partner-fr");
        using var call = new EchoService.EchoServiceClient(host.Channel(clientCertificate: certificate)).SayAsync(new SayRequest());
        await call;

        call.GetTrailers().GetValue("peer").ShouldBe("partner-fr");
    }

    static CallCredentials Header(string name) => CallCredentials.FromInterceptor((_, headers) =>
    {
        headers.Add(name, "set");
        return Task.CompletedTask;
    });

    static int MostOf(int limit) => limit - 100;

    EchoService.EchoServiceClient Client() => new(host.Channel());

    static async Task<OwnHost> Own()
    {
        var own = new EchoHost();
        await own.InitializeAsync();
        return new OwnHost(own);
    }

    /// <summary>A host for one test that watches the server.</summary>
    sealed class OwnHost(EchoHost host) : IAsyncDisposable
    {
        public GivenUp GivenUp => host.GivenUp;

        public GrpcChannel Channel() => host.Channel();

        public async ValueTask DisposeAsync() => await host.DisposeAsync();
    }
}
