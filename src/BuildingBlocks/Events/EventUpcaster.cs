using System.Reflection;
using System.Text.Json.Nodes;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events;

/// <summary>Converts the JSON of an older version of an event to a later version.</summary>
internal sealed record EventUpcaster(string From, string To, Func<JsonObject, JsonObject> Apply)
{
    private const BindingFlags AnyMethod =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Finds the methods that an event record marks with <see cref="UpcastsAttribute"/>.</summary>
    public static IEnumerable<EventUpcaster> Of(EventDefinition definition) =>
        from method in definition.Type.GetMethods(AnyMethod)
        let mark = method.GetCustomAttribute<UpcastsAttribute>()
        where mark is not null
        select new EventUpcaster(mark.From, mark.To ?? definition.Name, FunctionOf(method));

    private static Func<JsonObject, JsonObject> FunctionOf(MethodInfo method)
    {
        var isValid = method.IsStatic && method.ReturnType == typeof(JsonObject)
            && method.GetParameters() is [{ } parameter] && parameter.ParameterType == typeof(JsonObject);
        return isValid
            ? method.CreateDelegate<Func<JsonObject, JsonObject>>()
            : throw new InvalidOperationException(
                $"{method.DeclaringType!.Name}.{method.Name} has [Upcasts], "
                + $"so it must be: static JsonObject {method.Name}(JsonObject old).");
    }
}
