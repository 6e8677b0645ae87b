using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Monolith.Architecture.Tests;

/// <summary>The versions of packages.</summary>
[Trait("Category", "Unit")]
public sealed partial class ProjectTests
{
    [Fact]
    public void Versions_of_packages_are_exact_and_in_one_place()
    {
        var versions = XDocument.Parse(Checkout.Read("Directory.Packages.props"));
        versions.Descendants("PackageVersion").ShouldNotBeEmpty();
        Loose(versions).ShouldBeEmpty();
        var fixture = XDocument.Parse(
            """
            <Project>
              <PackageVersion Include="Loose" Version="1.0.0" />
              <PackageVersion Include="Range" Version="[1.0,2.0)" />
              <PackageVersion Include="Exact" Version="[1.0.0]" />
            </Project>
            """);
        Loose(fixture).ShouldBe(["Loose", "Range"], "the rule catches the fixture");

        var projects = Checkout.Projects(".");
        projects.Count.ShouldBeGreaterThan(15);
        projects.Where(project => Overrides(project.Project)).Select(project => project.Path).ShouldBeEmpty();
        Overrides(XDocument.Parse("""<Project><PackageReference Include="Any" VersionOverride="2.0" /></Project>"""))
            .ShouldBeTrue("the rule catches the fixture");
    }

    private static IEnumerable<string> Loose(XDocument versions) => versions.Descendants("PackageVersion")
        .Where(version => !Exact().IsMatch(version.Attribute("Version")!.Value)).Select(version => version.Attribute("Include")!.Value);

    private static bool Overrides(XDocument project) => project.Descendants("PackageReference")
        .Any(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null);

    [GeneratedRegex(@"^\[[0-9][^,\]]*\]$")]
    private static partial Regex Exact();
}
