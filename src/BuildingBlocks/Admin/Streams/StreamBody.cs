using System.Text.Json;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>An entity as it was at a point, and its events.</summary>
/// <param name="Id">The entity.</param>
/// <param name="Module">The module that owns it.</param>
/// <param name="Entity">Its kind (<c>customer</c>); null if its module has no history of it.</param>
/// <param name="Version">Its version at the requested point.</param>
/// <param name="Latest">Its current version.</param>
/// <param name="State">The entity at that point, with the fields that clients see.</param>
/// <param name="Events">Its events up to that point, oldest first.</param>
internal sealed record StreamBody(
    Guid Id, string Module, string? Entity, long Version, long Latest, JsonElement? State, IReadOnlyList<StreamEventBody> Events);

/// <summary>The changes of an entity between two points, and the events that made them.</summary>
/// <param name="Id">The entity.</param>
/// <param name="Module">The module that owns it.</param>
/// <param name="Entity">Its kind (<c>customer</c>); null if its module has no history of it.</param>
/// <param name="From">The earlier point.</param>
/// <param name="To">The later point.</param>
/// <param name="Changes">The fields that differ.</param>
/// <param name="Events">The events after the earlier point, up to the later one.</param>
internal sealed record StreamDiffBody(
    Guid Id,
    string Module,
    string? Entity,
    StreamDiffPoint From,
    StreamDiffPoint To,
    IReadOnlyList<FieldChange> Changes,
    IReadOnlyList<StreamEventBody> Events);

/// <summary>One side of a comparison.</summary>
/// <param name="Version">The entity's version; 0 before its first event.</param>
/// <param name="OccurredAt">The time of the event with this version.</param>
internal sealed record StreamDiffPoint(long Version, DateTimeOffset? OccurredAt);

/// <summary>An event of an entity as operators see it: actor, time, cause, and the fields that it changed.</summary>
internal sealed record StreamEventBody(
    Guid Id,
    string Type,
    long Version,
    DateTimeOffset OccurredAt,
    string? Actor,
    Guid CorrelationId,
    Guid? CausationId,
    JsonElement Data,
    IReadOnlyList<FieldChange> Changes)
{
    public static StreamEventBody Of(LogRecord record, IReadOnlyList<FieldChange> changes) => new(
        record.EventId,
        record.Type,
        record.StreamVersion,
        record.OccurredAt,
        record.Actor,
        record.CorrelationId,
        record.CausationId,
        JsonElement.Parse(record.Data.Span),
        changes);
}
