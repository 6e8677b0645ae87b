using Monolith.Cli.Output;

namespace Monolith.Cli.Tests;

[Trait("Category", "Unit")]
public sealed class PlainOutputTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };

    public void Dispose() => written.Dispose();

    [Fact]
    public async Task Table_columns_are_separated_by_two_spaces()
    {
        await Show(Block.List([("a", "long one"), ("bcd", "x")], "none", ("NAME", row => row.Item1), ("VALUE", row => row.Item2)));
        written.ToString().ShouldBe("NAME  VALUE\na     long one\nbcd   x\n");
    }

    [Fact]
    public async Task Empty_list_is_a_line()
    {
        await Show(Block.List(Array.Empty<string>(), "There is none.", ("NAME", name => name)));
        written.ToString().ShouldBe("There is none.\n");
    }

    [Theory]
    [InlineData("two\nlines", "two lines")]
    [InlineData("red \u001b[31m", "red \uFFFD[31m")]
    [InlineData("a\tb", "a b")]
    [InlineData("Žluťoučký 🐎", "Žluťoučký 🐎")]
    public async Task Text_with_control_codes_stays_in_its_line(string text, string shown)
    {
        await Show(new Block.Line(text), new Block.Table(["CELL"], [[text]]));
        written.ToString().ShouldBe($"{shown}\nCELL\n{shown}\n");
    }

    [Fact]
    public async Task Progress_is_a_line_for_each_milestone()
    {
        var result = await new PlainOutput(written).WaitAsync(progress =>
        {
            foreach (var (text, milestone) in new[] { ("10 of 100", "10 %"), ("11 of 100", "10 %"), ("20 of 100", "20 %") })
                progress.Report(new ProgressStep(text, 0.1, milestone));
            progress.Report(new ProgressStep("20 of 100", 0.1, "20 %"));
            return Task.FromResult(7);
        });
        result.ShouldBe(7);
        written.ToString().ShouldBe("10 of 100\n20 of 100\n");
    }

    [Fact]
    public async Task Json_output_is_the_document_only()
    {
        var json = new JsonOutput(written);
        await json.WaitAsync(progress =>
        {
            progress.Report(new ProgressStep("half", 0.5, "50 %"));
            return Task.FromResult(0);
        });
        await json.ShowAsync("""{"a":1}""", [new Block.Line("not this")]);
        written.ToString().ShouldBe("{\"a\":1}\n");
    }

    private Task Show(params Block[] blocks) => new PlainOutput(written).ShowAsync("{}", blocks);
}
