using Monolith.BuildingBlocks.Streaming.Messages;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Streaming.Routes;

/// <summary>The filter of a stream; null matches everything.</summary>
/// <param name="Log">The log, by the name of its topic.</param>
/// <param name="Type">The event type.</param>
/// <param name="Property">The property of the data that holds <paramref name="Id"/>.</param>
/// <param name="Id">The id in the property.</param>
internal sealed record EventQuery(string? Log, string? Type, string Property, Guid? Id)
{
    private const string ModuleName = "module";
    private const string TypeName = "type";

    public static EventQuery Read(QueryReader query, IReadOnlyList<string> logs, IReadOnlyCollection<string> types, string property)
    {
        var module = query.OneOf(ModuleName, [.. logs.Select(EventMessage.ModuleOf)]);
        var log = logs.FirstOrDefault(log => EventMessage.ModuleOf(log) == module);
        return new EventQuery(log, query.OneOf(TypeName, types), property, query.Id(property));
    }

    public bool Matches(LiveEvent live) =>
        (Log is null || live.Record.Log == Log)
        && (Type is null || live.Record.Type == Type)
        && (Id is null || live.IdIn(Property) == Id);
}
