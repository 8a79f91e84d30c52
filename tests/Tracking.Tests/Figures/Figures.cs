using Exchange.Reference;
using Exchange.Requests.V1;
using Exchange.Tracking.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Exchange.Tracking.Tests;

/// <summary>Asks the product for figures and lays them out by the paths of their fields.</summary>
static class Figures
{
    public static readonly ReferenceData Reference = ReferenceData.Load();

    /// <summary>Rows over facts that are all of the viewer's side.</summary>
    public static List<TurnaroundRow> Of(IEnumerable<RequestFacts> facts, GetTurnaroundRequest asked, string viewer = "BY")
    {
        var reader = new QueryReader(Reference, TimeProvider.System, viewer);
        var question = reader.Read(asked.Direction, asked.AsOf, asked.KnownBy, asked.Filter, asked.LimitKind);
        var period = reader.Period(asked.PeriodFrom, asked.PeriodTo, question.AsOf);
        reader.ThrowIfInvalid();
        var table = new TurnaroundTable(question, asked.Grouping, period, Reference);
        var columns = new ColumnStore();
        foreach (var (row, each) in facts.Index())
            columns.Put(row, each);
        return table.Rows(columns);
    }

    /// <summary><c>gross.still_waiting.180.share</c> and so on; what is absent is left out.</summary>
    public static Dictionary<string, double> ByPath(this TurnaroundRow row)
    {
        var figures = new Dictionary<string, double>();
        Walk(row, "", figures);
        return figures;
    }

    public static void ShouldEqual(this Dictionary<string, double> figures, Dictionary<string, double> expected, string where)
    {
        figures.Keys.Except(expected.Keys).ShouldBeEmpty($"{where}: not expected");
        expected.Keys.Except(figures.Keys).ShouldBeEmpty($"{where}: missing");
        foreach (var (path, value) in expected)
            Math.Abs(figures[path] - value)
                .ShouldBeLessThanOrEqualTo(1e-9 * Math.Max(1, Math.Abs(value)), $"{where}: {path} is {figures[path]}, expected {value}");
    }

    static void Walk(IMessage message, string path, Dictionary<string, double> figures)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            if (field.IsRepeated)
            {
                foreach (IMessage element in (System.Collections.IEnumerable)value)
                    Walk(element, $"{path}{field.Name}.{element.Descriptor.FindFieldByName("day").Accessor.GetValue(element)}.", figures);
            }
            else if (value is IMessage part)
                Walk(part, $"{path}{field.Name}.", figures);
            else if (field.FieldType != FieldType.String && field.Name != "day" && (!field.HasPresence || field.Accessor.HasValue(message)))
                figures[path + field.Name] = Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
