using Exchange.Benchmarks;
using Exchange.Testing;

Section[] sections =
[
    new("append", AppendSection.Measure),
    new("rpc", RpcSection.Measure),
    new("visible", VisibleSection.Measure),
    new("dispatch", DispatchSection.Measure),
    new("import", ImportSection.Measure),
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
foreach (var section in sections.Where(section => chosen.Count == 0 || chosen.Contains(section.Name)))
{
    Console.WriteLine($"--- {section.Name}");
    lines.AddRange(await section.Measure(new(full, Console.WriteLine)));
}
var report = await Report.Of(lines, string.Concat(args.Select(argument => " " + argument)));
Console.WriteLine(report);
if (args.Contains("--save"))
    await File.WriteAllTextAsync(Repository.PathOf("tests/Benchmarks/RESULTS.md"), report);
return 0;
