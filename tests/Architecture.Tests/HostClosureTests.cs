using System.Reflection;
using System.Xml.Linq;
using Monolith.Host;

namespace Monolith.Architecture.Tests;

/// <summary>The deployment of the host excludes the command line, the demo and the local servers.</summary>
[Trait("Category", "Unit")]
public sealed class HostClosureTests
{
    private const string Host = "src/Host/Monolith.Host.csproj";
    private const string Cli = "src/Cli/Monolith.Cli.csproj";

    private static readonly string[] CommandLineOnly =
        ["Monolith.Cli", "Monolith.BuildingBlocks.LocalServers", "Spectre.Console", "System.CommandLine"];

    [Fact]
    public void Projects_and_packages_of_the_host_exclude_the_command_line()
    {
        var closure = ProjectClosure(Host);

        closure.ShouldContain("Monolith.Modules.Orders");
        closure.ShouldContain("Npgsql");
        closure.Intersect(CommandLineOnly).ShouldBeEmpty();
        ProjectClosure(Cli).Intersect(CommandLineOnly).ShouldBe(CommandLineOnly, ignoreOrder: true, "the rule catches the command line");
    }

    [Fact]
    public void Assemblies_of_the_host_exclude_the_command_line()
    {
        var closure = AssemblyClosure(typeof(HostSettings).Assembly);

        closure.ShouldContain("Monolith.Modules.Orders");
        closure.Intersect([.. CommandLineOnly, "monolith"]).ShouldBeEmpty();
    }

    /// <summary>The names of a project, and of all projects and packages that it references directly or not.</summary>
    private static HashSet<string> ProjectClosure(string path)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>([Path.Combine(Checkout.Root, path)]);
        while (open.TryDequeue(out var file))
        {
            if (!names.Add(Path.GetFileNameWithoutExtension(file)))
                continue;
            var project = XDocument.Load(file);
            names.UnionWith(Included(project, "PackageReference"));
            foreach (var reference in Included(project, "ProjectReference"))
                open.Enqueue(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, reference)));
        }

        return names;
    }

    private static IEnumerable<string> Included(XDocument project, string element) =>
        project.Descendants(element).Select(reference => reference.Attribute("Include")!.Value);

    /// <summary>The names of all assemblies that an assembly references, directly or not, and that are deployed with it.</summary>
    private static HashSet<string> AssemblyClosure(Assembly root)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<Assembly>([root]);
        while (open.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (names.Add(reference.Name!) && File.Exists(Path.Combine(AppContext.BaseDirectory, $"{reference.Name}.dll")))
                    open.Enqueue(Assembly.Load(reference));
            }
        }

        return names;
    }
}
