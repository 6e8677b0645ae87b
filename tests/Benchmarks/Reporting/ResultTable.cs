using System.Text;

namespace Monolith.Benchmarks.Reporting;

/// <summary>The results of a benchmark, with a note on their meaning.</summary>
/// <param name="title">What was measured.</param>
/// <param name="columns">The headers of the columns.</param>
internal sealed class ResultTable(string title, params string[] columns)
{
    private readonly List<string[]> rows = [];
    private readonly List<string> notes = [];

    public void Add(params string[] cells) => rows.Add(cells);

    public void Note(string note) => notes.Add(note);

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine($"### {title}").AppendLine();
        text.AppendLine($"| {string.Join(" | ", columns)} |");
        text.AppendLine($"|{string.Join("|", columns.Select((_, i) => i == 0 ? "---" : "---:"))}|");
        foreach (var row in rows)
            text.AppendLine($"| {string.Join(" | ", row)} |");
        foreach (var note in notes)
            text.AppendLine().AppendLine(note);
        return text.ToString();
    }

    public string Text()
    {
        var widths = columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()).ToArray();
        var text = new StringBuilder();
        text.AppendLine(title);
        foreach (var row in rows.Prepend(columns))
            text.AppendLine(
                "  " + string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
        foreach (var note in notes)
            text.AppendLine("  " + note);
        return text.ToString();
    }
}
