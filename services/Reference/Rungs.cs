using Exchange.Requests.V1;

namespace Exchange.Reference;

/// <summary>To whom the rungs of the escalation ladder go.</summary>
public static class Rungs
{
    /// <summary>
    /// Whether the rung is a letter to an authority of the partner. The liaison channel (a Eurojust or EJN contact point, our own embassy)
    /// is ours: what we write to it about the partner is not the partner's to read.
    /// </summary>
    public static bool GoesToPartner(this Rung rung) => rung is Rung.Reminder or Rung.SecondReminder or Rung.CentralAuthority;
}
