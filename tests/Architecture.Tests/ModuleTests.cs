using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Web.Modules;

namespace Monolith.Architecture.Tests;

/// <summary>Modules share only Contracts, and only their module class is public.</summary>
[Trait("Category", "Unit")]
public sealed class ModuleTests
{
    private const string ModulesRoot = "Monolith.Modules";

    public static TheoryData<string> Modules => [.. Solution.Modules.Select(module => module.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Modules))]
    public void Modules_use_only_contracts_of_other_modules(string module)
    {
        Solution.UsesIn(module).ShouldNotBeEmpty();
        OtherModules(module).ShouldBeEmpty();
    }

    [Fact]
    public void Rules_check_every_module()
    {
        var projects = Checkout.Projects("src/Modules").Select(project => Path.GetFileNameWithoutExtension(project.Path)).ToArray();
        Solution.Modules.Concat(Solution.Contracts).Select(assembly => assembly.GetName().Name).ShouldBe(projects, ignoreOrder: true);
    }

    [Fact]
    public void Use_of_another_module_is_caught() =>
        OtherModules(Solution.BadModule).ShouldContain(use => use.Type.EndsWith("KnowsAnotherModule"));

    [Fact]
    public void Building_blocks_use_no_module()
    {
        Solution.BuildingBlocks.Length.ShouldBeGreaterThanOrEqualTo(8);
        var uses = Solution.UsesIn("Monolith.BuildingBlocks");
        uses.ShouldNotBeEmpty();
        uses.Where(KnowsAModule).ShouldBeEmpty();
        Solution.UsesIn(Solution.BadModule).Where(KnowsAModule).ShouldNotBeEmpty("the rule catches the fixture");
    }

    [Fact]
    public void Only_the_module_class_is_public()
    {
        foreach (var module in Solution.Modules)
        {
            module.GetTypes().Length.ShouldBeGreaterThan(10);
            Public(module.GetTypes()).ShouldHaveSingleItem().ShouldBeAssignableTo<Type>()!.IsAssignableTo(typeof(IModule)).ShouldBeTrue();
        }

        Public(Solution.Tests.GetTypes().Where(type => type.Namespace == $"{Solution.BadModule}.Api"))
            .ShouldHaveSingleItem().IsAssignableTo(typeof(IModule)).ShouldBeFalse("the rule catches the fixture");
    }

    [Fact]
    public void Every_command_has_a_validator()
    {
        foreach (var module in Solution.WriteSide)
        {
            Commands(module.GetTypes()).ShouldNotBeEmpty();
            Unvalidated(module.GetTypes()).ShouldBeEmpty();
        }

        Solution.ReadSide.SelectMany(module => Commands(module.GetTypes())).ShouldBeEmpty("they only read");

        Unvalidated(Solution.Tests.GetTypes()).ShouldHaveSingleItem().Name.ShouldBe("Unvalidated", "the rule catches the fixture");
    }

    [Fact]
    public void Read_side_modules_have_no_domain_and_reference_only_contracts()
    {
        Solution.ReadSide.ShouldNotBeEmpty();
        foreach (var module in Solution.ReadSide)
        {
            module.GetTypes().Length.ShouldBeGreaterThan(10);
            Commands(module.GetTypes()).ShouldBeEmpty();
            Solution.UsesIn($"{module.GetName().Name}.Domain").ShouldBeEmpty();
            OurOthers(module).ShouldBeEmpty();
        }

        OurOthers(Solution.Tests).ShouldNotBeEmpty("the rule catches the fixture");
    }

    private static IEnumerable<string> OurOthers(System.Reflection.Assembly module) =>
        module.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => name.StartsWith("Monolith.", StringComparison.Ordinal)
                && !name.StartsWith("Monolith.BuildingBlocks.", StringComparison.Ordinal)
                && !name.EndsWith(".Contracts", StringComparison.Ordinal));

    private static IEnumerable<TypeUse> OtherModules(string module) =>
        Solution.UsesIn(module).Where(use => KnowsAModule(use) && !Solution.IsIn(use.Target, module) && !IsContract(use.Target));

    private static bool KnowsAModule(TypeUse use) => Solution.IsIn(use.Target, ModulesRoot);

    private static bool IsContract(string type) => Solution.Contracts.Any(contracts => Solution.IsIn(type, contracts.GetName().Name!));

    private static Type[] Public(IEnumerable<Type> types) => [.. types.Where(type => type.IsPublic)];

    private static Type[] Commands(IEnumerable<Type> types) =>
        [.. types.Where(type => !type.IsAbstract && Implements(type, typeof(ICommand<>)))];

    private static Type[] Unvalidated(Type[] types)
    {
        var validated = types.SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IValidator<>))
            .Select(type => type.GenericTypeArguments[0]).ToHashSet();
        return [.. Commands(types).Where(command => !validated.Contains(command))];
    }

    private static bool Implements(Type type, Type open) =>
        type.GetInterfaces().Any(implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == open);
}
