using Monolith.Cli.Output;
using Monolith.Testing;
using Spectre.Console;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class TerminalOutputTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };

    public void Dispose() => written.Dispose();

    [Fact]
    public async Task Table_has_a_frame()
    {
        var table = Block.List([("a", "long one"), ("bcd", "x")], "none", ("NAME", row => row.Item1), ("VALUE", row => row.Item2));

        await Output(colours: false).ShowAsync("{}", [table]);

        Lines().ShouldBe(
        [
            "╭──────┬──────────╮",
            "│ NAME │ VALUE    │",
            "├──────┼──────────┤",
            "│ a    │ long one │",
            "│ bcd  │ x        │",
            "╰──────┴──────────╯",
        ]);
    }

    [Fact]
    public async Task Empty_list_is_a_line()
    {
        await Output(colours: false).ShowAsync("{}", [Block.List(Array.Empty<string>(), "There is none.", ("NAME", name => name))]);

        Lines().ShouldBe(["There is none."]);
    }

    [Fact]
    public async Task Text_with_control_codes_or_markup_is_shown_literally()
    {
        const string Hostile = "[red]a\u001b[2J[/]";

        await Output(colours: true).ShowAsync("{}", [new Block.Line(Hostile), new Block.Table(["CELL"], [[Hostile]])]);

        written.ToString().ShouldNotContain("\u001b[2J");
        written.ToString().Split("[red]a\uFFFD[2J[/]").Length.ShouldBe(3, "once in the line, once in the cell");
    }

    [Fact]
    public async Task Bar_shows_the_progress_until_the_end()
    {
        var result = await Output(colours: true).WaitAsync(async progress =>
        {
            progress.Report(new ProgressStep("unknown [progress]", null, ""));
            await DrawnAsync("unknown [progress]");
            progress.Report(new ProgressStep("20 of 80 events", 0.25, "25 %"));
            await DrawnAsync("25%");
            await DrawnAsync("20 of 80 events");
            progress.Report(new ProgressStep("80 of 80 events", 1, "100 %"));
            return 7;
        });

        result.ShouldBe(7);
        written.ToString().ShouldContain("━");
        written.ToString().ShouldContain("100%");
        written.ToString().ShouldContain("80 of 80 events");
    }

    // Spectre.Console draws bars on a timer.
    private Task DrawnAsync(string text) => Eventually.HoldsAsync(
        TimeSpan.FromSeconds(10), $"{text} is drawn", () => written.ToString().Contains(text, StringComparison.Ordinal));

    private string[] Lines() => [.. written.ToString().TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];

    private TerminalOutput Output(bool colours) => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = colours ? InteractionSupport.Yes : InteractionSupport.No,
        Out = new AnsiConsoleOutput(TextWriter.Synchronized(written)),
    }));
}
