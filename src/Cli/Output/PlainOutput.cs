namespace Monolith.Cli.Output;

/// <summary>For pipes and files: lines without control codes, columns separated by two spaces.</summary>
internal sealed class PlainOutput(TextWriter writer) : IOutput
{
    private const string ColumnGap = "  ";

    public async Task ShowAsync(string document, IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var line in Lines(block))
                await writer.WriteLineAsync(line);
        }

        await writer.FlushAsync();
    }

    public Task<T> WaitAsync<T>(Func<IProgress<ProgressStep>, Task<T>> work) => work(new MilestoneLines(writer));

    private static IEnumerable<string> Lines(Block block) => block switch
    {
        Block.Line line => [Printable.Of(line.Text)],
        Block.Table table => Lines(table),
        _ => throw new ArgumentOutOfRangeException(nameof(block)),
    };

    private static IEnumerable<string> Lines(Block.Table table)
    {
        var rows = table.Rows.Select(row => row.Select(Printable.Of).ToArray()).Prepend([.. table.Columns]).ToArray();
        var widths = table.Columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join(ColumnGap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private sealed class MilestoneLines(TextWriter writer) : IProgress<ProgressStep>
    {
        private string? last;

        public void Report(ProgressStep value)
        {
            if (value.Milestone == last)
                return;
            last = value.Milestone;
            writer.WriteLine(Printable.Of(value.Text));
            writer.Flush();
        }
    }
}
