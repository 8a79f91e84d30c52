using System.Diagnostics.CodeAnalysis;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>One row of a register's file, its fields in the order of <see cref="RegisterColumns"/> and trimmed.</summary>
/// <param name="File">Which file.</param>
/// <param name="Number">The header being row 1; 0 for the file as a whole.</param>
/// <param name="Reference">The row's reference where it can be read, else empty.</param>
/// <param name="Fields">Null when the row cannot be read.</param>
/// <param name="Remarks">What reading found.</param>
sealed record RegisterRow(
    RegisterFile File, long Number, string Reference, string[]? Fields, IReadOnlyList<RegisterRemark> Remarks)
{
    [MemberNotNullWhen(true, nameof(Fields))]
    public bool IsReadable => Fields is not null;

    /// <summary>Whether the row stands for a fault by which the whole file cannot be used.</summary>
    public bool ConcernsFile => Number == 0 && Remarks.Any(r => r.Severity == Severity.Fault);

    public string this[string column] => Fields![RegisterColumns.Of(File)[column]];
}

/// <summary>Writes remarks. Their text never holds the content of a field about a person.</summary>
static class Remark
{
    public static RegisterRemark Fault(RegisterFile file, long row, string reference, string field, string code, string message) =>
        New(Severity.Fault, file, row, reference, field, code, message);

    public static RegisterRemark Warning(RegisterFile file, long row, string reference, string field, string code, string message) =>
        New(Severity.Warning, file, row, reference, field, code, message);

    static RegisterRemark New(Severity severity, RegisterFile file, long row, string reference, string field, string code,
        string message) =>
        new() { Severity = severity, File = file, Row = row, Reference = reference, Field = field, Code = code, Message = message };
}
