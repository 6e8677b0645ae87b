using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>The guides show the code of the module Stock in this project, which <see cref="StockModuleTests"/> runs.</summary>
[Trait("Category", "Unit")]
public sealed class HowToDocumentTests
{
    private static readonly string Project = Path.Combine(Repository.Root, "tests", "Recipes.Tests");

    [Fact]
    public void The_use_case_guide_adds_its_code_to_the_module()
    {
        var useCase = HowToDocument.Read("use-case.md");

        useCase.Code.Count.ShouldBeGreaterThan(3);
        foreach (var (file, lines) in useCase.Code)
            IndexOf(CodeOf(file), lines).ShouldBeGreaterThanOrEqualTo(0, $"{file} does not contain: {string.Join(' ', lines)}");
        useCase.Code.Select(code => code.File).Distinct().Count().ShouldBe(4, "the event, the aggregate, the use case and the route");
    }

    [Fact]
    public void The_module_guide_shows_every_other_line()
    {
        var (module, useCase) = (HowToDocument.Read("module.md"), HowToDocument.Read("use-case.md"));
        var added = useCase.Code.ToLookup(code => code.File, code => code.Lines);
        var files = Files().Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal)).ToArray();

        files.Length.ShouldBeGreaterThan(8);
        foreach (var file in files)
            module.Code.Where(code => code.File == file).SelectMany(code => code.Lines).ShouldBe(Without(CodeOf(file), added[file]), file);
    }

    [Fact]
    public void The_module_guide_shows_what_to_add_to_the_migration()
    {
        var migration = Files().Single(file => file.EndsWith("_Initial.cs", StringComparison.Ordinal));
        var shown = HowToDocument.Read("module.md").Code.Single(code => code.File.EndsWith("_Initial.cs", StringComparison.Ordinal));

        shown.Lines.Length.ShouldBe(4);
        IndexOf(CodeOf(migration), shown.Lines).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public void The_host_lists_its_modules_in_one_place()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);

        sources.Where(path => File.ReadAllText(path).Contains("new CustomersModule()", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBe(["Composition.cs"]);
        HowToDocument.Read("module.md").Text.ShouldContain("src/Host/Composition.cs");
    }

    [Fact]
    public void The_module_guide_names_the_password_settings_of_each_role()
    {
        var text = HowToDocument.Read("module.md").Text;

        foreach (var role in (string[])["owner", "app", "reader"])
            text.ShouldContain($"Database__Passwords__stock_{role}: *role");
    }

    private static IEnumerable<string> Files() => ((string[])["Stock.Contracts", "Stock"])
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Project, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => $"Stock/{Path.GetRelativePath(Project, path).Replace('\\', '/')}")
        .Order(StringComparer.Ordinal);

    private static string[] CodeOf(string file) => HowToDocument.LinesOf(File.ReadAllText(Path.Combine(Project, file["Stock/".Length..])));

    private static string[] Without(string[] code, IEnumerable<string[]> parts) => parts.Aggregate(code, Without);

    private static string[] Without(string[] code, string[] part) =>
        IndexOf(code, part) is var at and >= 0 ? [.. code[..at], .. code[(at + part.Length)..]] : code;

    private static int IndexOf(string[] code, string[] part) =>
        Enumerable.Range(0, code.Length).FirstOrDefault(at => code.AsSpan(at).StartsWith(part), -1);
}
