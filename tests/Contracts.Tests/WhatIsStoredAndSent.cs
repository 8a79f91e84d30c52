using System.Text.Json;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Contracts.Tests;

public sealed class WhatIsStoredAndSent
{
    const byte FormatVersion = 1;

    [Fact]
    public void A_journal_entry_keeps_its_canonical_bytes() =>
        Approved.Matches("journal-entry-v1.hex", [Convert.ToHexStringLower([FormatVersion, .. Samples.Entry().ToByteArray()])]);

    [Fact]
    public void A_journal_entry_of_the_first_day_can_still_be_read()
    {
        var canonical = Convert.FromHexString(Approved.Read("journal-entry-v1.hex").Trim());

        canonical[0].ShouldBe(FormatVersion);
        JournalEntry.Parser.ParseFrom(canonical.AsSpan(1)).ShouldBe(Samples.Entry());
    }

    [Fact]
    public void An_event_keeps_its_JSON() => Approved.Matches("RequestChanged.json", [JsonOf(Event())]);

    [Fact]
    public void An_event_of_the_first_day_can_still_be_read() =>
        JsonSerializer.Deserialize<RequestChanged>(Approved.Read("RequestChanged.json"), ContractJson.Options).ShouldBe(Event());

    [Fact]
    public void An_event_of_a_newer_version_is_read_without_what_is_new()
    {
        var newer = JsonOf(Event())
            .Replace("\"requestingState\":", "\"somethingNew\": { \"deep\": [1] }, \"requestingState\":", StringComparison.Ordinal)
            .Replace("\"version\":3,", "\"version\":3,\"alsoNew\":7,", StringComparison.Ordinal);

        newer.ShouldContain("somethingNew");
        newer.ShouldContain("alsoNew");
        JsonSerializer.Deserialize<RequestChanged>(newer, ContractJson.Options).ShouldBe(Event());
    }

    // Read as "unspecified" it would falsify figures; refused, the message waits for the upgrade.
    [Theory]
    [InlineData("""{"request":"requests/x","version":1,"facts":{"status":"SOMETHING_NEW"}}""")]
    [InlineData("""{"request":"requests/x","version":1,"facts":{"version":"many"}}""")]
    public void An_event_whose_known_fields_cannot_be_understood_is_a_JSON_fault(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<RequestChanged>(json, ContractJson.Options));

    [Fact]
    public void An_event_can_be_had_from_the_journal_again()
    {
        RequestChanged.From(Samples.Entry()).ShouldBe(Event());
        RequestChanged.From(new JournalEntry { Aggregate = "reads/x", Version = 1 }).ShouldBeNull();
    }

    static RequestChanged Event() => new(Samples.Request, 3, Samples.Facts());

    static string JsonOf(RequestChanged message) => JsonSerializer.Serialize(message, ContractJson.Options);
}
