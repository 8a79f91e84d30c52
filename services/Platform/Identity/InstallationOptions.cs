using System.ComponentModel.DataAnnotations;

namespace Exchange.Platform;

/// <summary>Section <c>Installation</c>: whose installation this is.</summary>
public sealed class InstallationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Installation";

    /// <summary>The state whose authority is the controller, ISO 3166-1 alpha-2.</summary>
    [Required, RegularExpression("^[A-Z]{2}$")]
    public string State { get; init; } = "";

    /// <summary>Lets only its own officers and services pass.</summary>
    /// <exception cref="Refusal">An officer of another state.</exception>
    public void AdmitOwn(Caller caller)
    {
        if (!caller.IsService && caller.State != State)
        {
            throw new Refusal(RefusalKind.NotAllowed, "OTHER_AUTHORITY",
                "Only officers of the state whose authority runs this installation may do this.");
        }
    }
}
