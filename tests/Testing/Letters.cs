using Exchange.Requests.V1;
namespace Exchange.Testing;
/// <summary>x</summary>
public static class Letters { /// <summary>x</summary>
 public static Exchange.Requests.V1.Letter Complete(string instrument) => new() { CaseNumber = "BY-GPK-2026-00001", RequestedState = "PL", RequestingAuthority = "General Prosecutor", Instrument = instrument, Offence = "trafficking_in_persons", Urgency = Urgency.Routine, Measures = { new MeasureRequested { Measure = "hearing_of_witness", Details = "x" } } }; }
