using System.Xml.Linq;

namespace Monolith.Architecture.Tests;

/// <summary>The files of the repository that this assembly was built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>The project files below a folder, by their path from the root.</summary>
    public static IReadOnlyList<(string Path, XDocument Project)> Projects(string below) =>
        [.. Files(below, "*.csproj").Select(path => (path, XDocument.Load(Path.Combine(Root, path))))];

    /// <summary>The files below a folder, by their path from the root; build output is excluded.</summary>
    public static IReadOnlyList<string> Files(string below, string pattern) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, below), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Monolith.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"There is no Monolith.slnx above {AppContext.BaseDirectory}.");
    }
}
