using System.Reflection;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Monolith.Modules.Analytics;
using Monolith.Modules.Customers;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Search;
using Assembly = System.Reflection.Assembly;

namespace Monolith.Architecture.Tests;

/// <summary>The assemblies that the rules look at, with what each of their types depends on, method bodies included.</summary>
internal static class Solution
{
    public const string BadModule = "Monolith.Architecture.Tests.Fixtures.BadModule";

    /// <summary>Modules that take commands, in layers.</summary>
    public static Assembly[] WriteSide { get; } = [typeof(CustomersModule).Assembly, typeof(OrdersModule).Assembly];

    /// <summary>Modules that only read what others wrote.</summary>
    public static Assembly[] ReadSide { get; } = [typeof(AnalyticsModule).Assembly, typeof(SearchModule).Assembly];

    public static Assembly[] Modules { get; } = [.. WriteSide, .. ReadSide];

    /// <summary>Modules with use cases: Api, Application and Infrastructure.</summary>
    public static Assembly[] Layered { get; } = [.. WriteSide, typeof(SearchModule).Assembly];

    public static Assembly[] Contracts { get; } = [typeof(CustomersTopic).Assembly, typeof(OrdersTopic).Assembly];

    public static Assembly[] BuildingBlocks { get; } =
        [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "Monolith.BuildingBlocks.*.dll").Select(path => Assembly.Load(AssemblyName.GetAssemblyName(path)))];

    public static Assembly Tests { get; } = typeof(Solution).Assembly;

    private static readonly Lazy<IType[]> Loaded = new(() => [.. new ArchLoader().LoadAssemblies([.. Modules, .. Contracts, .. BuildingBlocks, Tests]).Build().Types]);

    /// <summary>The names of a namespace's types, and of what each depends on.</summary>
    public static IReadOnlyList<TypeUse> UsesIn(string root) =>
        [.. from type in Loaded.Value
            where IsIn(type.FullName, root)
            // A type parameter is nobody's type: the loader takes one for any other of the same name.
            from target in type.Dependencies.Where(dependency => dependency.Target is not GenericParameter).Select(dependency => dependency.Target.FullName).Distinct()
            select new TypeUse(type.FullName, target)];

    public static bool IsIn(string type, string root) => type.StartsWith(root + ".", StringComparison.Ordinal);
}
