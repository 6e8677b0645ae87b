namespace Monolith.BuildingBlocks.Cqrs;

/// <summary>Who asks for a command and what it follows from; recorded on every event of it. One a request (scoped).</summary>
public sealed class CommandContext
{
    /// <summary>Who acts; null where nobody said.</summary>
    public string? Actor { get; set; }

    /// <summary>Shared by everything that follows from one request of the outside.</summary>
    public Guid CorrelationId { get; set; } = Guid.CreateVersion7();

    /// <summary>The event that led to this command; null where it came from outside.</summary>
    public Guid? CausationId { get; set; }
}
