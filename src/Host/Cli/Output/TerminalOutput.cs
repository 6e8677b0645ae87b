using Spectre.Console;

namespace Monolith.Host.Cli.Output;

/// <summary>For a person at a terminal: tables, and a bar that moves.</summary>
internal sealed class TerminalOutput(IAnsiConsole console) : IOutput
{
    // A bar without any text is refused.
    private const string NothingYet = "waiting";

    public Task ShowAsync(string document, IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
            Show(block);
        return Task.CompletedTask;
    }

    public Task<T> WaitAsync<T>(Func<IProgress<Step>, Task<T>> work) =>
        console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(bars => work(new Bar(bars.AddTask(NothingYet, maxValue: 1))));

    private void Show(Block block)
    {
        switch (block)
        {
            case Block.Line line:
                console.WriteLine(Printable.Of(line.Text));
                break;
            case Block.Table table:
                console.Write(Drawn(table));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(block));
        }
    }

    private static Table Drawn(Block.Table table)
    {
        var drawn = new Table().Border(TableBorder.Rounded);
        foreach (var column in table.Columns)
            drawn.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in table.Rows)
            drawn.AddRow(row.Select(cell => new Text(Printable.Of(cell))));
        return drawn;
    }

    private sealed class Bar(ProgressTask task) : IProgress<Step>
    {
        public void Report(Step value)
        {
            task.Description = Markup.Escape(Printable.Of(value.Text));
            task.IsIndeterminate = value.Share is null;
            task.Value = value.Share ?? 0;
        }
    }
}
