using System.Text.RegularExpressions;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Unit;

/// <summary>The code in docs/new-query-store.md is the code that its walk is tested with.</summary>
[Trait("Category", "Unit")]
public sealed partial class NewQueryStoreDocumentTests
{
    private const int MostLines = 40;

    [Fact]
    public void The_document_shows_this_code_and_it_is_short()
    {
        var blocks = Blocks().Matches(Repository.Read("docs/new-query-store.md")).Select(match => match.Groups["code"].Value.TrimEnd()).ToArray();

        blocks.Length.ShouldBe(2, "the fold with its row, and the registration");
        var fold = Source("DomainProjection.cs").Replace("namespace Monolith.Orders.Tests.EmailDomains;", "namespace Monolith.Modules.Orders.EmailDomains;", StringComparison.Ordinal);
        blocks[0].ShouldBe(fold.TrimEnd());
        Unindented(Source("DomainsModule.cs")).ShouldContain(Unindented(blocks[1]));
        blocks.Sum(block => block.Split('\n').Length).ShouldBeLessThan(MostLines);
    }

    private static string Source(string file) => Repository.Read($"tests/Orders.Tests/EmailDomains/{file}");

    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()));

    [GeneratedRegex("^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
