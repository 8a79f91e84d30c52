using Exchange.Cli;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Exchange.Platform.Tests;

public sealed class ConfiguringIdentity : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("exchange-settings-").FullName;
    readonly PkiFolder pki;
    readonly Dictionary<string, string?> settings;

    public ConfiguringIdentity()
    {
        pki = new(folder, TimeProvider.System);
        pki.Initialise("BY", [], []);
        settings = new()
        {
            ["Identity:Certificate"] = pki.Service("requests") + ".pem",
            ["Identity:Key"] = pki.Service("requests") + ".key",
            ["Identity:Anchors"] = pki.Anchors,
            ["Identity:RevocationLists"] = pki.RevocationLists,
        };
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_complete_section_passes() => Faults().ShouldBeEmpty();

    [Theory]
    [InlineData("Certificate")]
    [InlineData("Key")]
    [InlineData("Anchors")]
    public void A_missing_setting_is_named(string setting)
    {
        settings.Remove("Identity:" + setting);

        Faults().ShouldContain(setting);
    }

    [Theory]
    [InlineData("Certificate")]
    [InlineData("Key")]
    [InlineData("Anchors")]
    [InlineData("RevocationLists")]
    public void A_path_to_nowhere_is_named_with_its_setting(string setting)
    {
        settings["Identity:" + setting] = Path.Combine(folder, "nowhere");

        Faults().ShouldContain($"Identity:{setting}: ");
    }

    [Fact]
    public void A_key_that_belongs_to_another_certificate_is_noticed()
    {
        settings["Identity:Key"] = pki.Service("tracking") + ".key";

        Faults().ShouldContain("Identity:Certificate and Identity:Key");
    }

    [Fact]
    public void An_anchor_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Path.Combine(pki.Anchors, "LT.pem"), "not a certificate");

        Faults().ShouldContain("LT.pem");
    }

    string Faults()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddIdentity(CallerRole.OfOfficers)
            .BuildServiceProvider();
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return "";
        }
        catch (OptionsValidationException e)
        {
            return e.Message;
        }
    }
}
