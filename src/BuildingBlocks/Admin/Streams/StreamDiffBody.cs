namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>What changed of an entity between two points, and by which events.</summary>
/// <param name="Id">The entity.</param>
/// <param name="Module">The module that owns it.</param>
/// <param name="Entity">What it is (<c>customer</c>); null where its module tells no history of it.</param>
/// <param name="From">The earlier point.</param>
/// <param name="To">The later point.</param>
/// <param name="Changes">The fields that differ.</param>
/// <param name="Events">The events after the earlier point, up to the later one.</param>
internal sealed record StreamDiffBody(
    Guid Id, string Module, string? Entity, StreamDiffPoint From, StreamDiffPoint To, IReadOnlyList<FieldChange> Changes, IReadOnlyList<StreamEventBody> Events);

/// <summary>One side of a comparison.</summary>
/// <param name="Version">The entity's version; 0 before it was there.</param>
/// <param name="OccurredAt">When it came to that version.</param>
internal sealed record StreamDiffPoint(long Version, DateTimeOffset? OccurredAt);
