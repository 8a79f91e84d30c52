using Exchange.Benchmarks;
using Exchange.Testing;

Section[] sections =
[
    new("append", AppendSection.Measure),
    new("rpc", RpcSection.Measure),
    new("visible", VisibleSection.Measure),
    new("dispatch", DispatchSection.Measure),
    new("import", ImportSection.Measure),
    new("rebuild", RebuildSection.Measure),
    Turnaround.Section,
    new("services", ServicesSection.Measure),
];

var full = args.Contains("--full");
var chosen = args.Where(argument => !argument.StartsWith('-')).ToHashSet();
if (chosen.Except(sections.Select(section => section.Name)).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"There is no section {unknown}; there are {string.Join(", ", sections.Select(section => section.Name))}.");
    return 2;
}

List<Line> lines = [];
List<string> broken = [];
foreach (var section in sections.Where(section => chosen.Count == 0 || chosen.Contains(section.Name)))
{
    Console.WriteLine($"--- {section.Name}");
    try
    {
        lines.AddRange(await section.Measure(new(full, Console.WriteLine)));
    }
    catch (Exception e)
    {
        // What the other sections measured is not lost with it.
        Console.Error.WriteLine(e);
        broken.Add(section.Name);
    }
}
var report = await Report.Of(lines, string.Concat(args.Select(argument => " " + argument)));
Console.WriteLine(report);
if (broken.Count > 0)
{
    Console.Error.WriteLine($"Not measured: {string.Join(", ", broken)}; nothing is saved.");
    return 1;
}
if (args.Contains("--save"))
    await File.WriteAllTextAsync(Repository.PathOf("tests/Benchmarks/RESULTS.md"), report);
return 0;
