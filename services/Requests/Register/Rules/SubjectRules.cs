using System.Globalization;
using Exchange.Reference;
using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>What a row of the subjects file must be. No remark repeats what a row says.</summary>
static class SubjectRules
{
    /// <summary>The row as meant, or null when it has a fault; and every remark.</summary>
    public static (SubjectRow? Subject, IReadOnlyList<RegisterRemark> Remarks) Judge(RegisterRow row, RegisterContext context)
    {
        if (!row.IsReadable)
            return (null, row.Remarks);

        var reading = new RowReading(row, context.ObservedUntil);
        var subject = new SubjectRow
        {
            Reference = reading.Reference(),
            Role = RoleOf(reading),
            Name = reading["name"],
            BirthDate = BirthDate(reading, context.ObservedUntil),
            DocumentNumber = reading["document_number"],
            Phone = reading["phone"],
            VehiclePlate = reading["vehicle_plate"],
            Vin = reading["vin"],
        };
        if ((subject.Name, subject.DocumentNumber, subject.Phone, subject.VehiclePlate, subject.Vin) == ("", "", "", "", ""))
            reading.Fault("", "empty_subject", "The row names nobody and nothing. Fill in a name or an identifier, or leave the row out.");
        return (reading.IsSound ? subject : null, reading.Remarks);
    }

    static SubjectRole RoleOf(RowReading reading) => reading.Code<SubjectRole?>("role", "unknown_role",
        "Write suspect, victim, witness or contact.", code => code switch
        {
            "suspect" => SubjectRole.Suspect,
            "victim" => SubjectRole.Victim,
            "witness" => SubjectRole.Witness,
            "contact" => SubjectRole.Contact,
            _ => null,
        }) ?? SubjectRole.Unspecified;

    static string BirthDate(RowReading reading, DateOnly observedUntil)
    {
        var text = reading["birth_date"];
        if (text.Length == 0)
            return text;

        var year = text.Length == 4 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bare) ? bare : 0;
        var from = LegalDay.ParseEntered(text) ?? (year >= 1900 ? new DateOnly(year, 1, 1) : null);
        if (from is null)
            reading.Fault("birth_date", "bad_birth_date", "birth_date is neither a day YYYY-MM-DD nor a bare year YYYY since 1900.");
        else if (from > observedUntil)
            reading.Fault("birth_date", "birth_date_in_future", "birth_date lies after the last day the register was kept.");
        return text;
    }
}
