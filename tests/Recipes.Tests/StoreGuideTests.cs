using System.Text.RegularExpressions;
using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>The guide docs/how-to/store.md shows the code of the samples.</summary>
[Trait("Category", "Unit")]
public sealed partial class StoreGuideTests
{
    [Fact]
    public void Store_guide_shows_lines_of_the_sample()
    {
        var blocks = Blocks().Matches(Repository.Read("docs/how-to/store.md"));

        blocks.Count.ShouldBeGreaterThan(5);
        foreach (var (file, code) in blocks.Select(block => (block.Groups["file"].Value, block.Groups["code"].Value)))
            Code(Repository.Read(file)).ShouldContain(Code(code), customMessage: file);
    }

    private static string Code(string text) => string.Join('\n', HowToDocument.LinesOf(text));

    [GeneratedRegex("^`(?<file>samples/[^`]+)`\n\n```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
