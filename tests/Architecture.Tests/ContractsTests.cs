using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Architecture.Tests;

/// <summary>Events are the published language: immutable, named, serializable.</summary>
[Trait("Category", "Unit")]
public sealed partial class ContractsTests
{
    [Fact]
    public void Events_are_sealed_records_with_versioned_names()
    {
        foreach (var contracts in Solution.Contracts)
        {
            Events(contracts.GetTypes()).ShouldNotBeEmpty();
            Violations(contracts.GetTypes()).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Violations_are_caught() =>
        Violations([.. Solution.Tests.GetTypes().Where(type => type.Namespace == $"{Solution.BadModule}.Contracts")]).ShouldBe(
    [
        "Open is not sealed", "Open has no [EventType]", "Misnamed is named Bad.Named", "NoRecord is no record",
        "NoRecord is not in the JSON context",
    ], ignoreOrder: true);

    private static Type[] Events(Type[] types) =>
        [.. types.Where(type => type is { IsInterface: false, IsAbstract: false } && type.IsAssignableTo(typeof(IEvent)))];

    private static IEnumerable<string> Violations(Type[] types)
    {
        var serialized = types.Where(type => type.IsSubclassOf(typeof(JsonSerializerContext)))
            .SelectMany(
                context =>
                    context.GetCustomAttributesData()
                        .Where(data => data.AttributeType == typeof(JsonSerializableAttribute))
                        .Select(data => data.ConstructorArguments[0].Value))
            .ToHashSet();
        foreach (var type in Events(types))
        {
            var name = type.GetCustomAttribute<EventTypeAttribute>()?.Name;
            if (!type.IsSealed)
                yield return $"{type.Name} is not sealed";
            if (type.GetMethod("<Clone>$") is null)
                yield return $"{type.Name} is no record";
            if (name is null)
                yield return $"{type.Name} has no [EventType]";
            else if (!TypeName().IsMatch(name))
                yield return $"{type.Name} is named {name}";
            if (!serialized.Contains(type))
                yield return $"{type.Name} is not in the JSON context";
        }
    }

    [GeneratedRegex(@"^[a-z]+(\.[a-z-]+)+\.v[0-9]+$")]
    private static partial Regex TypeName();
}
