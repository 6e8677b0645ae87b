namespace Monolith.Architecture.Tests;

/// <summary>Api → Application → Domain, Infrastructure behind ports; no dependency in the other direction.</summary>
[Trait("Category", "Unit")]
public sealed class LayerTests
{
    private static readonly string[] Libraries =
        ["Microsoft.EntityFrameworkCore", "Npgsql", "Microsoft.AspNetCore", "Confluent", "MediatR"];

    public static TheoryData<string> Layered => [.. Solution.Layered.Select(module => module.GetName().Name!)];

    public static TheoryData<string> Deciding => [.. Solution.WriteSide.Select(module => module.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Deciding))]
    public void Domain_depends_on_nothing(string module)
    {
        Looked(module, "Domain");
        DomainViolations(module).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Layered))]
    public void Application_depends_on_Domain_and_its_own_ports(string module)
    {
        Looked(module, "Application");
        ApplicationViolations(module).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Layered))]
    public void Infrastructure_does_not_depend_on_Api(string module)
    {
        Looked(module, "Infrastructure");
        InfrastructureViolations(module).ShouldBeEmpty();
    }

    [Fact]
    public void Read_side_folders_do_not_depend_on_Api()
    {
        foreach (var module in Solution.ReadSide.Select(module => module.GetName().Name!))
        {
            Looked(module, "Api");
            ApiArrows(module).ShouldBeEmpty();
        }

        ApiArrows(Solution.BadModule).ShouldContain(use => use.Type.EndsWith("KnowsApi"), "the rule catches the fixture");
    }

    [Theory]
    [MemberData(nameof(Deciding))]
    public void Every_type_of_a_write_side_module_has_a_layer(string module) => Outside(module).ShouldBeEmpty();

    [Fact]
    public void Every_type_of_a_read_side_module_has_a_layer()
    {
        foreach (var module in Solution.ReadSide)
        {
            var name = module.GetName().Name!;
            string[] layers = [$"{name}.Api", $"{name}.Application", $"{name}.Infrastructure"];
            module.GetTypes()
                .Where(type => type.Namespace is { } ns && ns.StartsWith(name, StringComparison.Ordinal) && ns != name)
                .Where(type => !layers.Any(layer => $"{type.Namespace}.".StartsWith($"{layer}.", StringComparison.Ordinal)))
                .ShouldBeEmpty();
        }
    }

    [Fact]
    public void Violations_are_caught()
    {
        DomainViolations(Solution.BadModule)
            .ShouldContain(use => use.Type.EndsWith("KnowsInfrastructure") && use.Target.EndsWith("Repository"));
        DomainViolations(Solution.BadModule)
            .ShouldContain(use => use.Type.EndsWith("KnowsALibrary") && use.Target == "Npgsql.NpgsqlConnection");
        ApplicationViolations(Solution.BadModule).ShouldContain(use => use.Type.EndsWith("KnowsApi"));
        Outside(Solution.BadModule).ShouldContain(type => type.EndsWith("HasNoLayer"));
        InfrastructureViolations(Solution.BadModule).ShouldContain(use => use.Type.EndsWith("Repository"));
    }

    // The class of the module composes the layers.
    private static IEnumerable<string> Outside(string module) => Solution.UsesIn(module).Select(use => use.Type).Distinct()
        .Where(
            type =>
                type != $"{module}.{module[(module.LastIndexOf('.') + 1)..]}Module"
                    && !type.StartsWith($"{module}.Contracts.", StringComparison.Ordinal))
        .Where(
            type => !((string[])["Domain", "Application", "Infrastructure", "Api"]).Any(layer => Solution.IsIn(type, $"{module}.{layer}")));

    private static void Looked(string module, string layer) => Solution.UsesIn($"{module}.{layer}").ShouldNotBeEmpty();

    private static IEnumerable<TypeUse> DomainViolations(string module)
    {
        string[] allowed =
            ["System", "Monolith.BuildingBlocks.Domain", $"{module}.Domain", $"{module}.Contracts", "Microsoft.CodeAnalysis", "Coverlet"];
        return Solution.UsesIn($"{module}.Domain").Where(use => !allowed.Any(root => Solution.IsIn(use.Target, root)));
    }

    private static IEnumerable<TypeUse> ApplicationViolations(string module)
    {
        string[] forbidden =
        [
            $"{module}.Infrastructure",
            $"{module}.Api",
            "Monolith.BuildingBlocks.Web",
            "Monolith.BuildingBlocks.Projections",
            "Monolith.BuildingBlocks.Postgres",
            .. Libraries.Where(library => library != "MediatR")
        ];
        return Solution.UsesIn($"{module}.Application").Where(use => forbidden.Any(root => Solution.IsIn(use.Target, root)));
    }

    // The module class composes the layers.
    private static IEnumerable<TypeUse> ApiArrows(string module) => Solution.UsesIn(module).Where(use =>
        Solution.IsIn(use.Target, $"{module}.Api")
            && !Solution.IsIn(use.Type, $"{module}.Api")
            && use.Type.LastIndexOf('.') > module.Length);

    private static IEnumerable<TypeUse> InfrastructureViolations(string module) =>
        Solution.UsesIn($"{module}.Infrastructure")
            .Where(use => Solution.IsIn(use.Target, $"{module}.Api") || Solution.IsIn(use.Target, "Monolith.BuildingBlocks.Web"));
}
