using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>The actor and the causes of a command, which are recorded on each of its events. One instance per request (scoped).</summary>
public sealed class CommandContext
{
    /// <summary>The actor; null if it is not known.</summary>
    public string? Actor { get; set; }

    /// <summary>The id that all events and commands have in common that follow from one external request.</summary>
    public Guid CorrelationId { get; set; } = Guid.CreateVersion7();

    /// <summary>The id of the event that led to this command; null if the command came from outside.</summary>
    public Guid? CausationId { get; set; }

    /// <summary>The idempotency key of the request; null if it has none.</summary>
    public IdempotencyClaim? Idempotency { get; set; }

    /// <summary>
    /// The offset of the command's events, once they are committed. For a command that changed nothing, the offset of the last event of its
    /// stream.
    /// </summary>
    public LogOffset? Offset { get; set; }
}
