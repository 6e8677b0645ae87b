using System.Text.RegularExpressions;

namespace Monolith.Recipes.Tests;

/// <summary>A guide in docs/how-to, with the code that it shows for each file.</summary>
internal sealed partial record HowToDocument(string Text, IReadOnlyList<(string File, string[] Lines)> Code)
{
    public static string Root { get; } = FindRoot();

    public static HowToDocument Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "how-to", name));
        var blocks = Blocks().Matches(text).Select(match => (match.Groups["file"].Value, LinesOf(match.Groups["code"].Value)));
        return new HowToDocument(text, [.. blocks]);
    }

    /// <summary>Code without indentation and empty lines: a guide shows a part of a file as it stands alone.</summary>
    public static string[] LinesOf(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Monolith.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"There is no Monolith.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(
        "^`src/Modules/(?<file>[^`]+)`[^\n]*\n\n```csharp\n(?<code>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
