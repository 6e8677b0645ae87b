using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>Who asks for a command and what it follows from; recorded on every event of it. One a request (scoped).</summary>
public sealed class CommandContext
{
    /// <summary>Who acts; null where nobody said.</summary>
    public string? Actor { get; set; }

    /// <summary>Shared by everything that follows from one request of the outside.</summary>
    public Guid CorrelationId { get; set; } = Guid.CreateVersion7();

    /// <summary>The event that led to this command; null where it came from outside.</summary>
    public Guid? CausationId { get; set; }

    /// <summary>The caller's wish to be done at most once; null where it has none.</summary>
    public IdempotencyClaim? Idempotency { get; set; }

    /// <summary>Where the events of the command are in the log, once it is committed; for a command that changed nothing, the last event of what it left as it was.</summary>
    public LogOffset? Place { get; set; }
}
