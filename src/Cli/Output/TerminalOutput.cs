using Spectre.Console;

namespace Monolith.Cli.Output;

/// <summary>For a person at a terminal: tables and a progress bar.</summary>
internal sealed class TerminalOutput(IAnsiConsole console) : IOutput
{
    // Spectre.Console refuses a task without a description.
    private const string InitialDescription = "waiting";

    public Task ShowAsync(string document, IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
            Show(block);
        return Task.CompletedTask;
    }

    public Task<T> WaitAsync<T>(Func<IProgress<ProgressStep>, Task<T>> work) =>
        console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(bars => work(new Bar(bars.AddTask(InitialDescription, maxValue: 1))));

    private void Show(Block block)
    {
        switch (block)
        {
            case Block.Line line:
                console.WriteLine(Printable.Of(line.Text));
                break;
            case Block.Table table:
                console.Write(Rendered(table));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(block));
        }
    }

    private static Table Rendered(Block.Table table)
    {
        var rendered = new Table().Border(TableBorder.Rounded);
        foreach (var column in table.Columns)
            rendered.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in table.Rows)
            rendered.AddRow(row.Select(cell => new Text(Printable.Of(cell))));
        return rendered;
    }

    private sealed class Bar(ProgressTask task) : IProgress<ProgressStep>
    {
        public void Report(ProgressStep value)
        {
            task.Description = Markup.Escape(Printable.Of(value.Text));
            task.IsIndeterminate = value.Fraction is null;
            task.Value = value.Fraction ?? 0;
        }
    }
}
