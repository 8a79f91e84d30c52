using Exchange.Requests.V1;

namespace Exchange.Requests;

/// <summary>The columns of a register's file. They may stand in any order.</summary>
sealed class RegisterColumns
{
    public static readonly RegisterColumns Requests = new(
        "reference", "case_number", "instrument", "requesting_state", "requested_state", "requesting_authority", "offence",
        "measures", "urgency", "transmitted_on", "acknowledged_on", "supplement_requested_on", "supplement_provided_on",
        "responded_on", "outcome", "refusal_ground");

    public static readonly RegisterColumns Subjects = new(
        "reference", "role", "name", "birth_date", "document_number", "phone", "vehicle_plate", "vin");

    RegisterColumns(params string[] names) => Names = names;

    public string[] Names { get; }

    public static RegisterColumns Of(RegisterFile file) => file == RegisterFile.Subjects ? Subjects : Requests;

    public int this[string name] => Array.IndexOf(Names, name);
}
