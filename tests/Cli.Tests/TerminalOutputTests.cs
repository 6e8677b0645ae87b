using Monolith.Cli.Output;
using Spectre.Console;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class TerminalOutputTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };

    public void Dispose() => written.Dispose();

    [Fact]
    public async Task A_table_has_a_frame_and_its_rows()
    {
        await Output(colours: false).ShowAsync("{}", [Block.List([("a", "long one"), ("bcd", "x")], "none", ("NAME", row => row.Item1), ("VALUE", row => row.Item2))]);

        Lines().ShouldBe(["╭──────┬──────────╮", "│ NAME │ VALUE    │", "├──────┼──────────┤", "│ a    │ long one │", "│ bcd  │ x        │", "╰──────┴──────────╯"]);
    }

    [Fact]
    public async Task An_empty_list_is_a_line()
    {
        await Output(colours: false).ShowAsync("{}", [Block.List(Array.Empty<string>(), "There is none.", ("NAME", name => name))]);

        Lines().ShouldBe(["There is none."]);
    }

    [Fact]
    public async Task Text_from_elsewhere_is_shown_as_it_is_and_moves_no_cursor()
    {
        const string Evil = "[red]a\u001b[2J[/]";

        await Output(colours: true).ShowAsync("{}", [new Block.Line(Evil), new Block.Table(["CELL"], [[Evil]])]);

        written.ToString().ShouldNotContain("\u001b[2J");
        written.ToString().Split("[red]a\uFFFD[2J[/]").Length.ShouldBe(3, "once in the line, once in the cell");
    }

    [Fact]
    public async Task A_bar_moves_with_the_work_and_ends_with_it()
    {
        var answer = await Output(colours: true).WaitAsync(async progress =>
        {
            progress.Report(new ProgressStep("nobody knows [how] far", null, ""));
            await DrawnAsync("nobody knows [how] far");
            progress.Report(new ProgressStep("20 of 80 events", 0.25, "25 %"));
            await DrawnAsync("25%");
            await DrawnAsync("20 of 80 events");
            progress.Report(new ProgressStep("80 of 80 events", 1, "100 %"));
            return 7;
        });

        answer.ShouldBe(7);
        written.ToString().ShouldContain("━");
        written.ToString().ShouldContain("100%");
        written.ToString().ShouldContain("80 of 80 events");
    }

    // Bars are drawn by a timer of their own.
    private Task DrawnAsync(string text) => Monolith.Testing.Eventually.HoldsAsync(TimeSpan.FromSeconds(10), $"{text} is drawn", () => written.ToString().Contains(text, StringComparison.Ordinal));

    private string[] Lines() => [.. written.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    private TerminalOutput Output(bool colours) => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = colours ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new AnsiConsoleOutput(TextWriter.Synchronized(written)),
    }));
}
