using Exchange.Benchmarks;

Section[] sections =
[
    new("append", AppendSection.Measure),
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
foreach (var line in lines)
    Console.WriteLine($"{line.What,-60} {line.Ours,14:N1} {line.Unit,-5} {line.Raw,14:N1} {line.Ratio,8:N2} {line.RawIs} {line.Goal}");
return 0;
