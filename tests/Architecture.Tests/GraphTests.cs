using System.Reflection;
using System.Xml.Linq;

namespace Monolith.Architecture.Tests;

/// <summary>The dependency graph of the solution: which projects and packages each project may reference.</summary>
[Trait("Category", "Unit")]
public sealed class GraphTests
{
    /// <summary>
    /// The graph. Each row is <c>project -> projects | packages</c> and is exact; an indented row continues the one above it. The prefixes
    /// "Monolith.", "Monolith.BuildingBlocks." and "Microsoft." are left out.
    /// </summary>
    private const string Graph =
        """
        Domain                      ->  |
        Modules                     ->  | Extensions.Configuration.Abstractions, Extensions.DependencyInjection.Abstractions
        Events                      -> Domain, Modules
                                        | Extensions.DependencyInjection.Abstractions, Extensions.Logging.Abstractions
        Application                 -> Domain, Events, Modules
                                        | FluentValidation, MediatR,
                                        Extensions.DependencyInjection.Abstractions, Extensions.Logging.Abstractions
        Postgres                    -> Events, Modules
                                        | Npgsql, Extensions.Hosting.Abstractions, Extensions.Logging.Abstractions
        Events.Postgres             -> Events, Postgres
                                        | EntityFrameworkCore.Relational, Npgsql.EntityFrameworkCore.PostgreSQL, EFCore.NamingConventions,
                                        Extensions.Diagnostics.HealthChecks, Extensions.Hosting.Abstractions
        Events.Kafka                -> Events
                                        | Confluent.Kafka, Extensions.Diagnostics.HealthChecks, Extensions.Hosting.Abstractions
        Projections                 -> Events
                                        | Extensions.Diagnostics, Extensions.Diagnostics.HealthChecks, Extensions.Hosting.Abstractions
        Projections.Postgres        -> Events.Postgres, Postgres, Projections | Npgsql
        Projections.Lucene          -> Projections | Lucene.Net, Lucene.Net.Analysis.Common
        Projections.Elasticsearch   -> Projections | Extensions.Http
        Projections.DuckDb          -> Projections | DuckDB.NET.Data.Full
        Reactors                    -> Application, Events.Postgres | Npgsql
        Web                         -> Application | AspNetCore.App, AspNetCore.OpenApi
        Streaming                   -> Events, Web | AspNetCore.App
        Admin                       -> Events.Postgres, Projections, Web | AspNetCore.App
        LocalServers                ->  | Npgsql

        Modules.Customers.Contracts -> Domain |
        Modules.Orders.Contracts    -> Domain |
        Modules.Customers           -> Application, Events.Postgres, Modules.Customers.Contracts, Projections, Web | AspNetCore.App
        Modules.Orders              -> Application, Events.Postgres, Modules.Customers.Contracts, Modules.Orders.Contracts,
                                        Projections, Projections.Postgres, Reactors, Web | AspNetCore.App
        Modules.Search              -> Application, Modules.Customers.Contracts, Modules.Orders.Contracts,
                                        Projections, Projections.Elasticsearch, Projections.Lucene, Web
                                        | Lucene.Net, Lucene.Net.Queries, AspNetCore.App
        Modules.Analytics           -> Events.Postgres, Modules.Customers.Contracts, Modules.Orders.Contracts,
                                        Projections, Projections.DuckDb, Streaming, Web | AspNetCore.App

        Host                        -> Admin, Application, Events.Kafka, Modules.Analytics, Modules.Customers, Modules.Orders,
                                        Modules.Search, Projections.Postgres, Streaming
                                        | EntityFrameworkCore.Design, OpenTelemetry.Exporter.OpenTelemetryProtocol,
                                        OpenTelemetry.Exporter.Prometheus.AspNetCore, OpenTelemetry.Extensions.Hosting,
                                        OpenTelemetry.Instrumentation.AspNetCore, Scalar.AspNetCore
        Cli                         -> Admin, Host, LocalServers | AspNetCore.App, Npgsql, Spectre.Console, System.CommandLine
        """;

    private static readonly string[] Database = ["EntityFrameworkCore", "EFCore", "Npgsql"];
    private static readonly string[] Pipeline = ["MediatR", "FluentValidation"];
    private static readonly string[] Web = ["AspNetCore"];

    private static readonly IReadOnlyDictionary<string, Node> Declared = Parse(Graph);

    [Fact]
    public void Graph_matches_the_project_files()
    {
        var actual = Checkout.Projects("src").Select(file => Read(Path.GetFileNameWithoutExtension(file.Path), file.Project))
            .Select(Row).ToArray();
        var declared = Declared.Values.Select(Row).ToArray();
        actual.Except(declared).ShouldBeEmpty("these rows are missing in the table");
        declared.Except(actual).ShouldBeEmpty("these rows of the table match no project file");
    }

    [Fact]
    public void Graph_reads_a_project_file()
    {
        var project = XDocument.Parse(
            """
            <Project><ItemGroup>
              <FrameworkReference Include="Microsoft.AspNetCore.App" />
              <PackageReference Include="Npgsql" />
              <ProjectReference Include="../../Modules/A/Monolith.Modules.A.csproj" />
              <ProjectReference Include="../Events/Monolith.BuildingBlocks.Events.csproj" />
            </ItemGroup></Project>
            """);
        Row(Read("Monolith.BuildingBlocks.B", project)).ShouldBe("B -> Events, Modules.A | AspNetCore.App, Npgsql");
    }

    [Theory]
    [InlineData("Events")]
    [InlineData("Projections")]
    public void Contracts_have_no_database_pipeline_or_web_behind_them(string project) =>
        ShouldNotReach(project, [.. Database, .. Pipeline, .. Web]);

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Events.Postgres")]
    [InlineData("Events.Kafka")]
    [InlineData("Projections.Postgres")]
    [InlineData("Projections.Lucene")]
    [InlineData("Projections.Elasticsearch")]
    [InlineData("Projections.DuckDb")]
    public void Storage_does_not_depend_on_the_pipeline(string project) => ShouldNotReach(project, [.. Pipeline, .. Web]);

    [Fact]
    public void Kafka_does_not_depend_on_the_database() => ShouldNotReach("Events.Kafka", Database);

    [Fact]
    public void Closure_finds_indirect_packages()
    {
        PackagesBehind("Reactors").ShouldContain("MediatR");
        PackagesBehind("Modules.Orders").ShouldContain("EntityFrameworkCore.Relational");
        AssembliesBehind("Reactors").ShouldContain("MediatR");
    }

    [Fact]
    public void Domain_depends_on_nothing() => Row(Declared["Domain"]).ShouldBe("Domain ->  | ");

    [Fact]
    public void Building_blocks_depend_on_no_module()
    {
        var blocks = Declared.Values.Where(node => !IsModule(node.Name) && node.Name != "Host").ToArray();
        blocks.Length.ShouldBeGreaterThan(8);
        blocks.Where(DependsOnAModule).ShouldBeEmpty();
        DependsOnAModule(new Node("Events", ["Modules.A"], [])).ShouldBeTrue("the rule catches the fixture");
    }

    [Fact]
    public void Modules_share_only_contracts()
    {
        var modules = Declared.Values.Where(node => IsModule(node.Name)).ToArray();
        modules.Length.ShouldBeGreaterThan(3);
        modules.SelectMany(SharedBeyondContracts).ShouldBeEmpty();
        SharedBeyondContracts(new Node("Modules.A", ["Modules.B"], [])).ShouldNotBeEmpty("the rule catches the fixture");
        SharedBeyondContracts(new Node("Modules.A.Contracts", ["Application"], [])).ShouldNotBeEmpty("contracts need the events alone");
        SharedBeyondContracts(new Node("Modules.A", ["Modules.B.Contracts", "Application"], [])).ShouldBeEmpty();
    }

    [Fact]
    public void Graph_has_no_cycles() => Declared.Keys.Where(name => ProjectsBehind(name).Contains(name)).ShouldBeEmpty();

    [Fact]
    public void Production_assemblies_keep_their_internals()
    {
        var opened = Checkout.Projects("src")
            .SelectMany(file => Friends(Path.GetFileNameWithoutExtension(file.Path), file.Project)).ToArray();
        opened.ShouldBeEmpty();
        Friends("Monolith.BuildingBlocks.Web", OpenedTo("Monolith.BuildingBlocks.Admin"))
            .ShouldBe(["Web -> Admin"], "the rule catches the fixture");
        Friends("Monolith.BuildingBlocks.Web", OpenedTo("Monolith.Host.Tests")).ShouldBeEmpty();
    }

    private static XDocument OpenedTo(string assembly) =>
        XDocument.Parse($"""<Project><InternalsVisibleTo Include="{assembly}" /></Project>""");

    private static void ShouldNotReach(string project, string[] forbidden)
    {
        PackagesBehind(project).ShouldNotBeEmpty();
        PackagesBehind(project).Where(package => forbidden.Any(root => IsIn(package, root))).ShouldBeEmpty();
        AssembliesBehind(project).Where(assembly => forbidden.Any(root => IsIn(assembly, root))).ShouldBeEmpty();
    }

    private static bool IsIn(string name, string root) => name == root || name.StartsWith(root + ".", StringComparison.Ordinal);

    private static bool IsModule(string name) => IsIn(name, "Modules") && name != "Modules";

    private static bool DependsOnAModule(Node node) => node.Projects.Any(IsModule);

    private static IEnumerable<string> SharedBeyondContracts(Node module) => module.Projects
        .Where(project => IsContracts(module.Name) ? project != "Domain" : IsModule(project) && !IsContracts(project))
        .Select(project => $"{module.Name} -> {project}");

    private static bool IsContracts(string name) => name.EndsWith(".Contracts", StringComparison.Ordinal);

    private static HashSet<string> ProjectsBehind(string name)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(Declared[name].Projects);
        while (open.TryPop(out var next))
        {
            if (!reached.Add(next))
                continue;
            foreach (var project in Declared[next].Projects)
                open.Push(project);
        }

        return reached;
    }

    private static HashSet<string> PackagesBehind(string name) =>
        [.. ProjectsBehind(name).Append(name).SelectMany(project => Declared[project].Packages)];

    // Packages bring others along: the references of the assemblies show them.
    private static HashSet<string> AssembliesBehind(string name)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([.. ProjectsBehind(name).Append(name).Select(project => "Monolith.BuildingBlocks." + project)]);
        while (open.TryPop(out var next))
        {
            if (!reached.Add(Short(next)) || !File.Exists(Path.Combine(AppContext.BaseDirectory, next + ".dll")))
                continue;
            foreach (var reference in Assembly.Load(next).GetReferencedAssemblies())
                open.Push(reference.Name!);
        }

        return reached;
    }

    private static IEnumerable<string> Friends(string project, XDocument file) => file.Descendants("InternalsVisibleTo")
        .Select(friend => Short(friend.Attribute("Include")!.Value))
        .Where(Declared.ContainsKey)
        .Select(friend => $"{Short(project)} -> {friend}");

    private static Node Read(string name, XDocument project) => new(
        Short(name),
        [.. Included(project, "ProjectReference").Select(path => Short(Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))))],
        [.. Included(project, "PackageReference").Concat(Included(project, "FrameworkReference")).Select(Short)]);

    private static IEnumerable<string> Included(XDocument project, string kind) =>
        project.Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);

    private static Dictionary<string, Node> Parse(string graph)
    {
        var rows = new List<string>();
        foreach (var line in graph.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(' '))
                rows[^1] += " " + line.Trim();
            else
                rows.Add(line);
        }

        return rows.Select(row => row.Split(["->", "|"], StringSplitOptions.TrimEntries))
            .Select(parts => new Node(parts[0], Names(parts[1]), Names(parts[2])))
            .ToDictionary(node => node.Name);
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Short(string name)
    {
        foreach (var prefix in new[] { "Monolith.BuildingBlocks.", "Monolith.", "Microsoft." })
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return name[prefix.Length..];
        }

        return name;
    }

    private static string Row(Node node) => $"{node.Name} -> {List(node.Projects)} | {List(node.Packages)}";

    private static string List(string[] names) => string.Join(", ", names.Order(StringComparer.Ordinal));

    private sealed record Node(string Name, string[] Projects, string[] Packages);
}
