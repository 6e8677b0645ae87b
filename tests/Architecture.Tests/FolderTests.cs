namespace Monolith.Architecture.Tests;

/// <summary>Folders of a project do not depend on each other in circles.</summary>
[Trait("Category", "Unit")]
public sealed class FolderTests
{
    public static TheoryData<string> Projects => [.. Checkout.Projects("src").Select(file => Path.GetFileNameWithoutExtension(file.Path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_have_no_cycles(string project)
    {
        Solution.UsesIn(project).ShouldNotBeEmpty("the project is not loaded: reference it from this test project");
        Cycles(project).ShouldBeEmpty();
    }

    [Fact]
    public void Cycles_are_found()
    {
        const string fixture = "Monolith.Architecture.Tests.Fixtures.CyclicFolders";
        Cycles(fixture).ShouldBe(
            [
                "(root) -> Sub",
                "First -> Second",
                "Second -> Third",
                "Sub -> (root)",
                "Third -> First",
            ],
            ignoreOrder: true);
    }

    /// <summary>Every dependency of one folder on another that leads back to it.</summary>
    private static List<string> Cycles(string project)
    {
        var uses = Solution.UsesIn(project)
            .Where(use => Solution.IsIn(use.Target, project))
            .Select(use => (From: FolderOf(use.Type, project), To: FolderOf(use.Target, project)))
            .Where(use => use.From != use.To)
            .Distinct()
            .ToLookup(use => use.From, use => use.To);
        return [.. uses.SelectMany(from => from.Where(to => Reaches(uses, to, from.Key)).Select(to => $"{from.Key} -> {to}"))];
    }

    private static bool Reaches(ILookup<string, string> uses, string from, string target)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var folder))
        {
            if (folder == target)
                return true;
            if (!seen.Add(folder))
                continue;
            foreach (var next in uses[folder])
                open.Push(next);
        }

        return false;
    }

    // Namespaces follow folders; a nested type is in the folder of the type around it.
    private static string FolderOf(string type, string project)
    {
        var outer = type.Split('+', '<', '`')[0];
        var end = outer.LastIndexOf('.');
        return end <= project.Length ? "(root)" : outer[(project.Length + 1)..end];
    }
}
