using System.Reflection;
using System.Text.Json.Nodes;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>One step from an older version of an event to a later one, over its JSON.</summary>
/// <param name="From">The type name that it takes.</param>
/// <param name="To">The type name that it gives.</param>
/// <param name="Apply">The pure function.</param>
internal sealed record EventUpcaster(string From, string To, Func<JsonObject, JsonObject> Apply)
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The functions that a record marks with <see cref="UpcastsAttribute"/>.</summary>
    /// <param name="definition">The newest version.</param>
    /// <exception cref="InvalidOperationException">One of them has another form.</exception>
    public static IEnumerable<EventUpcaster> Of(EventDefinition definition) =>
        from method in definition.Type.GetMethods(AnyStatic | AnyInstance)
        let mark = method.GetCustomAttribute<UpcastsAttribute>()
        where mark is not null
        select new EventUpcaster(mark.From, mark.To ?? definition.Name, FunctionOf(method));

    private static Func<JsonObject, JsonObject> FunctionOf(MethodInfo method) =>
        method.IsStatic && method.ReturnType == typeof(JsonObject) && method.GetParameters() is [{ } only] && only.ParameterType == typeof(JsonObject)
            ? method.CreateDelegate<Func<JsonObject, JsonObject>>()
            : throw new InvalidOperationException($"{method.DeclaringType!.Name}.{method.Name} has [Upcasts], so it must be: static JsonObject {method.Name}(JsonObject old).");
}
