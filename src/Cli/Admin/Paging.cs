using System.CommandLine;
using System.Globalization;
using Monolith.Cli.Output;

namespace Monolith.Cli.Admin;

/// <summary>The options of a verb that lists page by page, and the line that names the next page.</summary>
internal sealed class Paging
{
    private const int MaxPageSize = 200;

    private readonly Option<int?> limit = AdminVerb.Whole("--limit", "the size of a page; 50 by default", min: 1, max: MaxPageSize);
    private readonly Option<string?> after = new("--after") { Description = "the cursor that the last page named", HelpName = "CURSOR" };

    public IEnumerable<Option> Options => [limit, after];

    public IEnumerable<(string Name, string? Value)> Parameters(ParseResult parsed) =>
        [("limit", parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture)), ("after", parsed.GetValue(after))];

    /// <summary>The line that names the next page; nothing on the last one.</summary>
    public static IEnumerable<Block> NextPage(string? nextUrl) =>
        CursorOf(nextUrl) is { } cursor ? [new Block.Line($"There are more: go on with --after {cursor}")] : [];

    /// <summary>The cursor of the next page; null on the last one.</summary>
    public static string? CursorOf(string? nextUrl) => nextUrl?[(nextUrl.LastIndexOf('=') + 1)..];
}
