using System.Reflection;
using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Modules.Settings;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Host;
using Assembly = System.Reflection.Assembly;

namespace Monolith.Architecture.Tests;

/// <summary>
/// Settings are declared once: the documentation is generated from the declarations, and all code reads configuration through them.
/// </summary>
[Trait("Category", "Unit")]
public sealed partial class SettingsTests
{
    private const string WriteVariable = "MONOLITH_WRITE_DOCS";
    private const string Document = "docs/configuration.md";
    private const string Help = "scripts/settings.txt";
    private const string Declarations = "src/BuildingBlocks/Modules/Settings/";

    [Fact]
    public void Document_has_the_table_of_declared_settings()
    {
        var text = Checkout.Read(Document);
        var table = Table().Match(text);
        table.Success.ShouldBeTrue($"{Document} has the two marks");
        IsOrWrite(
            Document,
            text,
            text[..table.Groups["table"].Index]
                + SettingsText.Table()
                + text[(table.Groups["table"].Index + table.Groups["table"].Length)..]);
    }

    [Fact]
    public void Help_has_the_declared_settings() =>
        IsOrWrite(Help, File.Exists(Path.Combine(Checkout.Root, Help)) ? Checkout.Read(Help) : "", SettingsText.Help());

    [Fact]
    public void Host_knows_every_declared_setting()
    {
        var keys = HostSettings.All.Select(setting => setting.Key).ToArray();
        keys.ShouldBeUnique();
        var declared = Declared([.. Solution.Modules, .. Solution.BuildingBlocks, typeof(HostSettings).Assembly]);
        declared.Length.ShouldBeGreaterThan(10);
        declared.Except(keys).ShouldBeEmpty();
        Declared([Solution.Tests]).Except(keys).ShouldBe([Fixture.Nowhere.Key], "the rule catches the fixture");
    }

    [Fact]
    public void Configuration_is_read_only_through_declared_settings()
    {
        var files = Checkout.Files("src", "*.cs");
        files.Where(path => !path.StartsWith(Declarations, StringComparison.Ordinal) && ReadsConfiguration(Checkout.Read(path)))
            .ShouldBeEmpty();
        files.Count(path => path.StartsWith(Declarations, StringComparison.Ordinal) && ReadsConfiguration(Checkout.Read(path)))
            .ShouldBeGreaterThan(1);
        foreach (
            var text in (string[])
            [
                "module.Configuration[\"Log:Partitions\"]", "configuration.GetSection(\"Log\")",
                "configuration.GetValue<int>(\"Log:Partitions\")", "configuration.GetConnectionString(\"Monolith\")"
            ])
            ReadsConfiguration(text).ShouldBeTrue("the rule catches the fixture");
    }

    [Fact]
    public void Every_variable_of_the_environment_is_documented()
    {
        var document = Checkout.Read(Document);
        var variables = Checkout.Files("src", "*.cs")
            .Select(Checkout.Read)
            .Where(text => text.Contains("GetEnvironmentVariable", StringComparison.Ordinal))
            .SelectMany(text => Variable().Matches(text).Select(match => match.Groups[1].Value)).Distinct().ToArray();
        variables.ShouldContain("KAFKA_HOME");
        variables.Where(name => !document.Contains($"`{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static void IsOrWrite(string path, string found, string wanted)
    {
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            File.WriteAllText(Path.Combine(Checkout.Root, path), wanted);
        else
            found.ShouldBe(
                wanted,
                $"{path} is not what the declarations say: run this test with {WriteVariable}=1, which writes it, and commit the file");
    }

    private static string[] Declared(Assembly[] assemblies) =>
        [.. from assembly in assemblies
            from type in assembly.GetTypes()
            where !type.ContainsGenericParameters
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field.FieldType.IsAssignableTo(typeof(Setting))
            select ((Setting)field.GetValue(null)!).Key];

    private static bool ReadsConfiguration(string text) => Reading().IsMatch(text);

    private static class Fixture
    {
        public static readonly Setting<string> Nowhere = Setting.OneOf("Nowhere:Declared", "For the rule.", "a", "b");
    }

    [GeneratedRegex(
        @"[cC]onfiguration\s*\["
        + @"|\.(GetSection|GetConnectionString|GetRequiredSection|GetChildren|AsEnumerable)\s*\(\s*"""
        + @"|\.GetValue<[^>]*>\(\s*"""
        + @"|\.BindConfiguration\("
        + @"|[cC]onfiguration\.(GetSection|GetConnectionString|GetRequiredSection|GetChildren|GetValue|Get|Bind)\b")]
    private static partial Regex Reading();

    [GeneratedRegex(@"(?s)<!-- settings:[^\n]*-->\n(?<table>.*?)<!-- /settings -->")]
    private static partial Regex Table();

    [GeneratedRegex(@"""([A-Z]+(?:_[A-Z]+)+)""")]
    private static partial Regex Variable();
}
