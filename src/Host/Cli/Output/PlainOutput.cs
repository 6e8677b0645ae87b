namespace Monolith.Host.Cli.Output;

/// <summary>For pipes and files: lines without any control codes, columns with two spaces between them.</summary>
internal sealed class PlainOutput(TextWriter writer) : IOutput
{
    private const string Gap = "  ";

    public async Task ShowAsync(string document, IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var line in Lines(block))
                await writer.WriteLineAsync(line);
        }

        await writer.FlushAsync();
    }

    public Task<T> WaitAsync<T>(Func<IProgress<Step>, Task<T>> work) => work(new ChangesOnly(writer));

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
        return rows.Select(row => string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private sealed class ChangesOnly(TextWriter writer) : IProgress<Step>
    {
        private string? last;

        public void Report(Step value)
        {
            if (value.Mark == last)
                return;
            last = value.Mark;
            writer.WriteLine(Printable.Of(value.Text));
            writer.Flush();
        }
    }
}
