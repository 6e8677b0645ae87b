using System.Text.RegularExpressions;
using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>A guide in docs/how-to, with the code that it shows for each file of the module Stock.</summary>
internal sealed partial record HowToDocument(string Text, IReadOnlyList<(string File, string[] Lines)> Code)
{
    public static HowToDocument Read(string name)
    {
        var text = Repository.Read($"docs/how-to/{name}");
        var blocks = Blocks().Matches(text).Select(match => (match.Groups["file"].Value, LinesOf(match.Groups["code"].Value)));
        return new HowToDocument(text, [.. blocks]);
    }

    /// <summary>The files that a reader of the guide adds or changes, without generated migrations.</summary>
    public IReadOnlyList<string> FilesTouched =>
    [
        .. Headings().Matches(Text).Select(match => match.Groups["file"].Value)
            .Concat(Changes().Matches(Text).SelectMany(match => match.Groups["file"].Captures).Select(file => file.Value))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Distinct(),
    ];

    /// <summary>Code without indentation and empty lines: a guide shows a part of a file without its surroundings.</summary>
    public static string[] LinesOf(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    [GeneratedRegex(
        "^`src/Modules/(?<file>[^`]+)`\n\n```csharp\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^`(?<file>[^`]+)`\n\n```", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex("^They change `(?<file>[^`]+)` and `(?<file>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Changes();
}
