using System.CommandLine;
using Exchange.Requests.V1;
using Google.Protobuf;

namespace Exchange.Cli;

/// <summary>`exchange subject add`: names persons, organisations and items.</summary>
static class SubjectAdd
{
    static readonly (string Option, IdentifierKind Kind, string What)[] Identifiers =
    [
        ("--document", IdentifierKind.Document, "Number of a passport or identity card"),
        ("--phone", IdentifierKind.Phone, "Telephone number"),
        ("--plate", IdentifierKind.Plate, "Registration plate of a vehicle"),
        ("--vin", IdentifierKind.Vin, "Vehicle identification number"),
        ("--iban", IdentifierKind.Iban, "Bank account"),
        ("--email", IdentifierKind.Email, "E-mail address"),
    ];

    public static Command Create(CommandRunner runner)
    {
        var reference = RequestNames.Argument();
        var role = TypedOptions.ChoiceWithoutDefault<SubjectRole>("--role", "What part it has",
            ("suspect", SubjectRole.Suspect), ("victim", SubjectRole.Victim), ("witness", SubjectRole.Witness),
            ("contact", SubjectRole.Contact));
        var kind = TypedOptions.Choice("--kind", "What it is",
            ("person", SubjectKind.Person), ("organisation", SubjectKind.Organisation), ("item", SubjectKind.Item));
        var names = Many("--name", "A name as the source has it, first the main one", "NAME");
        var born = Text("--born", "Day (1984-02-29) or year of birth", "DAY");
        var identifiers = Identifiers.Select(one => (one.Kind, Option: Many(one.Option, one.What, "TEXT"))).ToList();
        var nationalities = Many("--nationality", "Nationality, or the seat of an organisation", "XX");
        var location = Text("--location", "Where it is believed to be", "TEXT");
        var description = Text("--description", "What else tells it from another", "TEXT");
        var from = Text("--from", "Read the subjects from this JSON file instead (- reads standard input)", "FILE.json");
        var because = Text("--because", "Why; required after transmission", "TEXT");
        var command = new Command("add",
            "Name a subject. What stands on a command line stays in the history of the shell: --from FILE.json or --from - keeps names"
                + " out of it.")
        {
            reference, role, kind, names, born, nationalities, location, description, from, because,
        };
        foreach (var (_, option) in identifiers)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(from) is null == (result.GetResult(role) is null))
                result.AddError("Give --role and who it is, or --from FILE.json.");
        });
        return runner.Handle(command, async session =>
        {
            var naming = session.Value(from) is { } file ? Read(session, file) : new();
            if (session.Value(from) is null)
                naming.Add.Add(new NewSubject
                {
                    Kind = session.Value(kind).Value,
                    Role = session.Value(role).Value,
                    Identity = new()
                    {
                        Names = { session.Value(names) },
                        BirthDate = session.Value(born) ?? "",
                        Nationalities = { session.Value(nationalities)!.Select(code => code.ToUpperInvariant()) },
                        Location = session.Value(location) ?? "",
                        Description = session.Value(description) ?? "",
                        Identifiers = { identifiers.SelectMany(one =>
                            session.Value(one.Option)!.Select(value => new Identifier { Kind = one.Kind, Value = value })) },
                    },
                });
            naming.Reason = TextInput.Read(session, session.Value(because));
            var steps = new StepClient(session);
            return await steps.Take(await steps.Read(session.Value(reference)), new() { NameSubjects = naming });
        }).WithExamples(
            "exchange subject add BY-2026-000123 --from subjects.json --as investigator",
            "exchange subject add BY-2026-000123 --role suspect --name \"Ivanou Ivan\" --name \"Иванов Иван\" --born 1984 --phone"
                + " +375291234567 --as investigator",
            "exchange subject add BY-2026-000123 --role contact --kind item --plate 1234AB-7 --description \"white van\" --as"
                + " investigator");
    }

    static NameSubjects Read(Session session, string file)
    {
        try
        {
            return JsonParser.Default.Parse<NameSubjects>($$"""{"add": {{TextInput.ReadFile(session, file)}} }""");
        }
        catch (Exception problem) when (problem is InvalidProtocolBufferException or InvalidJsonException or InvalidOperationException)
        {
            throw new CommandException(ExitCode.Usage, $"{file} is not a list of subjects: {problem.Message}",
                """It looks like [{"kind": "PERSON", "role": "SUSPECT", "identity": {"names": ["…"], "birth_date": "1984", """
                + "\"identifiers\": [{\"kind\": \"PHONE\", \"value\": \"…\"}]}}].");
        }
    }

    static Option<string?> Text(string name, string description, string helpName) => new(name)
    {
        Description = description, HelpName = helpName,
    };

    static Option<string[]> Many(string name, string description, string helpName) =>
        new(name) { Description = description + "; may be repeated", HelpName = helpName, DefaultValueFactory = _ => [] };
}
