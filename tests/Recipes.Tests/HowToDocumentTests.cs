using System.Text.RegularExpressions;
using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>The guides show the code of the module Stock in this project, which <see cref="StockModuleTests"/> runs.</summary>
[Trait("Category", "Unit")]
public sealed partial class HowToDocumentTests
{
    private static readonly string Project = Path.Combine(Repository.Root, "tests", "Recipes.Tests");
    private static readonly string[] Additions = ["event.md", "use-case.md", "query-store.md"];

    [Theory]
    [InlineData("use-case.md", 4)]
    [InlineData("event.md", 4)]
    [InlineData("query-store.md", 5)]
    [InlineData("module.md", 12)]
    public void Guide_touches_few_files(string name, int most)
    {
        var guide = HowToDocument.Read(name);

        guide.FilesTouched.Count.ShouldBeLessThanOrEqualTo(most, string.Join(", ", guide.FilesTouched));
        Count().Match(guide.Text).Groups["count"].Value.ShouldBe($"{guide.FilesTouched.Count}", "the guide says how many");
    }

    [Theory]
    [InlineData("use-case.md")]
    [InlineData("event.md")]
    [InlineData("query-store.md")]
    public void Guide_adds_its_code_to_the_module(string name)
    {
        var guide = HowToDocument.Read(name);

        guide.Code.Count.ShouldBeGreaterThan(3);
        foreach (var (file, lines) in guide.Code)
        {
            var code = Without(CodeOf(file), Additions.Where(other => other != name).SelectMany(other => PartsOf(other, file)));
            IndexOf(code, lines).ShouldBeGreaterThanOrEqualTo(0, $"{file} does not contain: {string.Join(' ', lines)}");
        }
    }

    [Fact]
    public void Guides_show_every_line_of_the_module()
    {
        var module = HowToDocument.Read("module.md");
        var files = Files().Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal)).ToArray();

        files.Length.ShouldBeGreaterThan(8);
        foreach (var file in files)
        {
            var rest = Without(CodeOf(file), Additions.SelectMany(guide => PartsOf(guide, file).OrderBy(part => part.Length)));
            module.Code.Where(code => code.File == file).SelectMany(code => code.Lines).ShouldBe(rest, file);
        }
    }

    [Fact]
    public void Module_guide_shows_what_to_add_to_the_migration()
    {
        var migration = Files().Single(file => file.EndsWith("_Initial.cs", StringComparison.Ordinal));
        var shown = HowToDocument.Read("module.md").Code.Single(code => code.File.EndsWith("_Initial.cs", StringComparison.Ordinal));

        shown.Lines.Length.ShouldBe(4);
        IndexOf(CodeOf(migration), shown.Lines).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void Guides_reference_projects_that_exist()
    {
        var referenced = ((string[])["module.md", .. Additions])
            .SelectMany(name => BuildingBlock().Matches(HowToDocument.Read(name).Text)).Select(match => match.Value).Distinct().ToArray();

        referenced.Length.ShouldBe(5);
        referenced.ShouldAllBe(path => File.Exists(Path.Combine(Repository.Root, "src", path)));
    }

    [Fact]
    public void Host_lists_its_modules_in_one_place()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);

        sources.Where(path => File.ReadAllText(path).Contains("new CustomersModule()", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBe(["Composition.cs"]);
        HowToDocument.Read("module.md").FilesTouched.ShouldContain("src/Host/Composition.cs");
    }

    [Fact]
    public void Module_guide_names_the_password_settings_of_each_role()
    {
        var text = HowToDocument.Read("module.md").Text;

        foreach (var role in (string[])["owner", "app", "reader"])
            text.ShouldContain($"Database__Passwords__stock_{role}: *role");
    }

    private static IEnumerable<string> Files() => ((string[])["Stock.Contracts", "Stock"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Project, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => $"Stock/{Path.GetRelativePath(Project, path).Replace('\\', '/')}")
        .Order(StringComparer.Ordinal);

    private static IEnumerable<string[]> PartsOf(string guide, string file) =>
        HowToDocument.Read(guide).Code.Where(code => code.File == file).Select(code => code.Lines);

    private static string[] CodeOf(string file) => HowToDocument.LinesOf(File.ReadAllText(Path.Combine(Project, file["Stock/".Length..])));

    private static string[] Without(string[] code, IEnumerable<string[]> parts) => parts.Aggregate(code, Without);

    private static string[] Without(string[] code, string[] part) =>
        IndexOf(code, part) is var at and >= 0 ? [.. code[..at], .. code[(at + part.Length)..]] : code;

    private static int IndexOf(string[] code, string[] part) =>
        Enumerable.Range(0, code.Length).FirstOrDefault(at => code.AsSpan(at).StartsWith(part), -1);

    [GeneratedRegex(@"\b(?<count>\d+) files\b")]
    private static partial Regex Count();

    [GeneratedRegex(@"BuildingBlocks/[\w.]+/Monolith\.BuildingBlocks\.[\w.]+\.csproj")]
    private static partial Regex BuildingBlock();
}
