namespace Monolith.Host.Cli.Output;

/// <summary>A part of what a verb shows to a person.</summary>
internal abstract record Block
{
    /// <summary>A sentence, or a heading.</summary>
    internal sealed record Line(string Text) : Block;

    /// <summary>Rows under headings; at least one of them.</summary>
    internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : Block;

    /// <summary>The rows, or a line that says that there are none.</summary>
    public static Block List<T>(IReadOnlyList<T> items, string none, params IReadOnlyList<(string Heading, Func<T, string> Cell)> columns) => items.Count == 0
        ? new Line(none)
        : new Table([.. columns.Select(column => column.Heading)], [.. items.Select(item => columns.Select(column => column.Cell(item)).ToArray())]);
}
