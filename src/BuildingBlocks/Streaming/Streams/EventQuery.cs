using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Streaming.Streams;

/// <summary>Which events a client of the stream wants; what is null does not matter.</summary>
/// <param name="Log">Those of one log, by the name of its topic.</param>
/// <param name="Type">Those of one type.</param>
/// <param name="Property">The property of the data that holds the id below.</param>
/// <param name="Id">Those with this id in it.</param>
internal sealed record EventQuery(string? Log, string? Type, string Property, Guid? Id)
{
    private const string ModuleName = "module";
    private const string TypeName = "type";

    /// <summary>Reads the parameters.</summary>
    public static EventQuery Read(QueryReader query, IReadOnlyList<string> logs, IReadOnlyCollection<string> types, string property)
    {
        var module = query.OneOf(ModuleName, [.. logs.Select(EventMessage.ModuleOf)]);
        return new EventQuery(logs.FirstOrDefault(log => EventMessage.ModuleOf(log) == module), query.OneOf(TypeName, types), property, query.Id(property));
    }

    public bool Wants(LiveEvent live) =>
        (Log is null || live.Record.Log == Log) && (Type is null || live.Record.Type == Type) && (Id is null || live.IdIn(Property) == Id);
}
