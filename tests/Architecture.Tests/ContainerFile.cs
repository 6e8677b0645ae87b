using System.Text.RegularExpressions;

namespace Monolith.Architecture.Tests;

/// <summary>
/// Reads Dockerfile and compose.yaml line by line, without Docker. It supports only the grammar that these files use.
/// </summary>
internal static partial class ContainerFile
{
    /// <summary>The images that are pulled, without stages of a Dockerfile and images that a compose file builds.</summary>
    public static string[] Images(string text)
    {
        string[] own =
        [
            .. Stage().Matches(text).Select(match => match.Groups[1].Value),
            .. Built().Matches(text).Select(match => match.Groups[1].Value)
        ];
        return [.. Image().Matches(text).Select(match => match.Groups[1].Value).Except(own)];
    }

    public static string[] Loose(string text) => [.. Images(text).Where(image => !Pinned().IsMatch(image))];

    /// <summary>The paths that a Dockerfile copies from the checkout.</summary>
    public static string[] Copied(string dockerfile) =>
        [.. Copy().Matches(dockerfile).SelectMany(match => match.Groups[1].Value.Split(' ')[..^1])];

    /// <summary>The variables that a Dockerfile sets.</summary>
    public static (string Name, string Value)[] Set(string dockerfile) =>
        [
            .. Env()
            .Matches(dockerfile.Replace("\\\n", " ", StringComparison.Ordinal))
            .SelectMany(match => Assignment().Matches(match.Groups[1].Value))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))
        ];

    /// <summary>The environment of a service of a compose file.</summary>
    public static Dictionary<string, string> Environment(string compose, string service)
    {
        var found = new Dictionary<string, string>();
        var (inService, inEnvironment) = (false, false);
        foreach (var line in compose.Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')))
        {
            var depth = line.Length - line.TrimStart().Length;
            if (depth <= 2)
                inService = line == $"  {service}:";
            if (depth <= 4)
                inEnvironment = inService && line == "    environment:";
            else if (inEnvironment && Entry().Match(line) is { Success: true } entry)
                found.Add(entry.Groups[1].Value, entry.Groups[2].Value.Trim('"'));
        }

        return found;
    }

    /// <summary>Lines with a literal secret: passwords must come from the environment.</summary>
    public static string[] Secrets(string text) =>
        [
            .. text.Split('\n')
            .Where(line => Password().IsMatch(line) && !line.Contains("${", StringComparison.Ordinal) && !Reference().IsMatch(line))
        ];

    [GeneratedRegex(@"(?m)^\s*(?:FROM|image:)\s+(\S+)")]
    private static partial Regex Image();

    [GeneratedRegex(@"(?m)^FROM\s+\S+\s+AS\s+(\S+)")]
    private static partial Regex Stage();

    [GeneratedRegex(@"(?m)^    image:\s+(\S+)\n    build:")]
    private static partial Regex Built();

    // A version with three parts, or two where the project uses two.
    [GeneratedRegex(@"^\S+:\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?m)^COPY\s+(?!--from)([^\n]+)")]
    private static partial Regex Copy();

    [GeneratedRegex(@"(?m)^ENV\s+([^\n]+)")]
    private static partial Regex Env();

    [GeneratedRegex(@"([A-Za-z_][A-Za-z0-9_]*)=(\S*)")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^      ([A-Za-z][\w.]*):\s*(.*)$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"(?i)passw[a-z_]*\s*[:=]\s*\S|Passwords__\w+:\s*\S")]
    private static partial Regex Password();

    [GeneratedRegex(@":\s*\*\w+\s*$|^\s*#")]
    private static partial Regex Reference();
}
