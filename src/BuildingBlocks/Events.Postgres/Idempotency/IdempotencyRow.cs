namespace Monolith.BuildingBlocks.Events.Postgres.Idempotency;

/// <summary>A key under which a command succeeded, with the response: one row of <c>idempotency_keys</c>.</summary>
internal sealed class IdempotencyRow
{
    public required string Key { get; init; }

    public required byte[] Payload { get; init; }

    public required int Status { get; init; }

    /// <summary>The headers of the response, a JSON object.</summary>
    public required string Headers { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The events of the command; for a command that changed nothing, the last event of its stream.</summary>
    public required Guid[] EventIds { get; init; }
}
