using System.CommandLine;
using System.Globalization;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Admin;

/// <summary>The options of a verb that lists page by page, and the line that leads to the next one.</summary>
internal sealed class Paging
{
    private const int MostOfAPage = 200;

    private readonly Option<int?> limit = AdminVerb.Whole("--limit", "how many; 50 unless said", least: 1, most: MostOfAPage);
    private readonly Option<string?> after = new("--after") { Description = "where the page before ended, as it says", HelpName = "CURSOR" };

    public IEnumerable<Option> Options => [limit, after];

    public IEnumerable<(string Name, string? Value)> Parameters(ParseResult parsed) =>
        [("limit", parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)), ("after", parsed.GetValue(after))];

    /// <summary>Says how to go on; nothing on the last page.</summary>
    /// <param name="next">The URL of the next page; null on the last.</param>
    public static IEnumerable<Block> GoOn(string? next) => CursorOf(next) is { } cursor ? [new Block.Line($"There are more: go on with --after {cursor}")] : [];

    /// <summary>What <c>after</c> takes for the next page; null on the last.</summary>
    /// <param name="next">The URL of the next page; null on the last.</param>
    public static string? CursorOf(string? next) => next?[(next.LastIndexOf('=') + 1)..];
}
