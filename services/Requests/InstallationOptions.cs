using System.ComponentModel.DataAnnotations;
using Exchange.Platform;

namespace Exchange.Requests;

/// <summary>Section <c>Installation</c>: whose installation this is.</summary>
sealed class InstallationOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Installation";

    /// <summary>The state whose authority is the controller, ISO 3166-1 alpha-2.</summary>
    [Required, RegularExpression("^[A-Z]{2}$")]
    public string State { get; init; } = "";

    /// <summary>Refuses officers of other states; services of the installation pass.</summary>
    public void AdmitOwn(Caller caller)
    {
        if (!caller.IsService && caller.State != State)
            throw RequestRefusals.OtherAuthority();
    }
}
