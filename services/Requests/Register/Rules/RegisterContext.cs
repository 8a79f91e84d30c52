using Exchange.Reference;

namespace Exchange.Requests;

/// <summary>What the rows of a register are judged by.</summary>
/// <param name="Reference">States, instruments, measures, grounds.</param>
/// <param name="Options">Policy limits.</param>
/// <param name="State">The state whose authority kept the register.</param>
/// <param name="ObservedUntil">The last day it was kept.</param>
sealed record RegisterContext(ReferenceData Reference, RequestsOptions Options, string State, DateOnly ObservedUntil);
