using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Monolith.Architecture.Tests;

/// <summary>What projects refer to.</summary>
[Trait("Category", "Unit")]
public sealed partial class ProjectTests
{
    [Fact]
    public void Modules_refer_to_building_blocks_and_to_Contracts_only()
    {
        var projects = Checkout.Projects("src/Modules");
        projects.ShouldNotBeEmpty();
        projects.SelectMany(project => ModuleViolations(project.Path, project.Project)).ShouldBeEmpty();
        ModuleViolations("src/Modules/A/A/A.csproj", Refers("../../B/B/Monolith.Modules.B.csproj")).ShouldNotBeEmpty("the rule catches the fixture");
        ModuleViolations("src/Modules/A/A/A.csproj", Refers("../../B/B.Contracts/Monolith.Modules.B.Contracts.csproj")).ShouldBeEmpty();
        ModuleViolations("src/Modules/A/A.Contracts/A.Contracts.csproj", Refers("../../../BuildingBlocks/Application/Monolith.BuildingBlocks.Application.csproj")).ShouldNotBeEmpty("Contracts need the events alone");
    }

    [Fact]
    public void Building_blocks_refer_to_building_blocks_only()
    {
        var projects = Checkout.Projects("src/BuildingBlocks");
        projects.Count.ShouldBeGreaterThanOrEqualTo(8);
        projects.Where(project => RefersToAModule(project.Project)).ShouldBeEmpty();
        RefersToAModule(Refers("../../Modules/A/A.Contracts/Monolith.Modules.A.Contracts.csproj")).ShouldBeTrue("the rule catches the fixture");
    }

    [Fact]
    public void The_domain_building_block_needs_nothing_at_all()
    {
        var domain = Checkout.Projects("src/BuildingBlocks/Domain").ShouldHaveSingleItem().Project;
        Needs(domain).ShouldBeEmpty();
        Needs(XDocument.Parse("""<Project><ItemGroup><PackageReference Include="Any" /></ItemGroup></Project>""")).ShouldBe(["Any"], "the rule catches the fixture");
    }

    [Fact]
    public void Versions_of_packages_are_exact_and_in_one_place()
    {
        var versions = XDocument.Parse(Checkout.Read("Directory.Packages.props"));
        versions.Descendants("PackageVersion").ShouldNotBeEmpty();
        Loose(versions).ShouldBeEmpty();
        Loose(XDocument.Parse("""<Project><PackageVersion Include="Loose" Version="1.0.0" /><PackageVersion Include="Range" Version="[1.0,2.0)" /><PackageVersion Include="Exact" Version="[1.0.0]" /></Project>"""))
            .ShouldBe(["Loose", "Range"], "the rule catches the fixture");

        var projects = Checkout.Projects(".");
        projects.Count.ShouldBeGreaterThan(15);
        projects.Where(project => Overrides(project.Project)).Select(project => project.Path).ShouldBeEmpty();
        Overrides(XDocument.Parse("""<Project><PackageReference Include="Any" VersionOverride="2.0" /></Project>""")).ShouldBeTrue("the rule catches the fixture");
    }

    private static XDocument Refers(string path) => XDocument.Parse($"""<Project><ItemGroup><ProjectReference Include="{path}" /></ItemGroup></Project>""");

    private static IEnumerable<string> References(XDocument project) => project.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'));

    private static IEnumerable<string> ModuleViolations(string path, XDocument project)
    {
        var isContracts = path.EndsWith(".Contracts.csproj", StringComparison.Ordinal);
        return References(project)
            .Where(reference => isContracts ? !reference.EndsWith("/Monolith.BuildingBlocks.Domain.csproj", StringComparison.Ordinal)
                : !reference.Contains("/BuildingBlocks/", StringComparison.Ordinal) && !reference.EndsWith(".Contracts.csproj", StringComparison.Ordinal))
            .Select(reference => $"{path} -> {reference}");
    }

    private static bool RefersToAModule(XDocument project) => References(project).Any(reference => reference.Contains("/Modules/", StringComparison.Ordinal) && reference.Contains("Monolith.Modules.", StringComparison.Ordinal));

    private static IEnumerable<string> Needs(XDocument project) => References(project).Concat(project.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value));

    private static IEnumerable<string> Loose(XDocument versions) => versions.Descendants("PackageVersion")
        .Where(version => !Exact().IsMatch(version.Attribute("Version")!.Value)).Select(version => version.Attribute("Include")!.Value);

    private static bool Overrides(XDocument project) => project.Descendants("PackageReference").Any(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null);

    [GeneratedRegex(@"^\[[0-9][^,\]]*\]$")]
    private static partial Regex Exact();
}
