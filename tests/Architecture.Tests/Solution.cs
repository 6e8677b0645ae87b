using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Assembly = System.Reflection.Assembly;

namespace Monolith.Architecture.Tests;

/// <summary>The assemblies that the rules look at, with what each of their types depends on, method bodies included.</summary>
internal static class Solution
{
    public const string BadModule = "Monolith.Architecture.Tests.Fixtures.BadModule";

    private const string ContractsSuffix = ".Contracts";

    public static Assembly[] Contracts { get; } = [.. Load("Monolith.Modules.*").Where(IsContracts)];

    public static Assembly[] Modules { get; } = [.. Load("Monolith.Modules.*").Where(assembly => !IsContracts(assembly))];

    /// <summary>Modules that accept commands: they publish events in their Contracts.</summary>
    public static Assembly[] WriteSide { get; } = [.. Modules.Where(HasContracts)];

    /// <summary>Modules that only read the events of others.</summary>
    public static Assembly[] ReadSide { get; } = [.. Modules.Where(module => !HasContracts(module))];

    /// <summary>Modules with use cases: Api, Application and Infrastructure.</summary>
    public static Assembly[] Layered { get; } = [.. Modules.Where(HasUseCases)];

    public static Assembly[] BuildingBlocks { get; } = [.. Load("Monolith.BuildingBlocks.*")];

    public static Assembly[] Hosts { get; } = [.. Load("Monolith.Host"), .. Load("monolith")];

    public static Assembly Tests { get; } = typeof(Solution).Assembly;

    private static Assembly[] Assemblies => [.. Modules, .. Contracts, .. BuildingBlocks, .. Hosts, Tests];

    private static readonly Lazy<IType[]> Loaded = new(() => [.. new ArchLoader().LoadAssemblies(Assemblies).Build().Types]);

    /// <summary>The names of a namespace's types, and of what each depends on.</summary>
    public static IReadOnlyList<TypeUse> UsesIn(string root) =>
        [.. from type in Loaded.Value
            where IsIn(type.FullName, root)
            // The loader confuses a type parameter with other type parameters of the same name.
            from target in type.Dependencies.Where(dependency => dependency.Target is not GenericParameter)
                .Select(dependency => dependency.Target.FullName).Distinct()
            select new TypeUse(type.FullName, target)];

    private static IEnumerable<Assembly> Load(string pattern) => Directory.EnumerateFiles(AppContext.BaseDirectory, $"{pattern}.dll")
        .Order(StringComparer.Ordinal)
        .Select(path => Assembly.Load(AssemblyName.GetAssemblyName(path)));

    private static bool IsContracts(Assembly assembly) => assembly.GetName().Name!.EndsWith(ContractsSuffix, StringComparison.Ordinal);

    private static bool HasContracts(Assembly module) =>
        Contracts.Any(contracts => contracts.GetName().Name == module.GetName().Name + ContractsSuffix);

    private static bool HasUseCases(Assembly module) =>
        module.GetTypes().Any(type => type.Namespace == $"{module.GetName().Name}.Application");

    public static bool IsIn(string type, string root) => type.StartsWith(root + ".", StringComparison.Ordinal);
}
