namespace Monolith.Host.Cli.Streams;

/// <summary>What changed of an entity between two points, and by which events.</summary>
internal sealed record StreamDiff(Guid Id, string Module, string? Entity, StreamDiffSide From, StreamDiffSide To, IReadOnlyList<FieldEntry> Changes, IReadOnlyList<StreamEntry> Events);

/// <summary>One side of a comparison.</summary>
internal sealed record StreamDiffSide(long Version, DateTimeOffset? OccurredAt);
