namespace Monolith.Cli.Output;

/// <summary>A part of a result as people read it.</summary>
internal abstract record Block
{
    /// <summary>A sentence, or a heading.</summary>
    internal sealed record Line(string Text) : Block;

    /// <summary>A table with at least one row.</summary>
    internal sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows) : Block;

    /// <summary>A table of the items, or a line if there are none.</summary>
    public static Block List<T>(
        IReadOnlyList<T> items, string none, params IReadOnlyList<(string Heading, Func<T, string> Cell)> columns) =>
        items.Count == 0
            ? new Line(none)
            : new Table(
                [.. columns.Select(column => column.Heading)],
                [.. items.Select(item => columns.Select(column => column.Cell(item)).ToArray())]);
}
