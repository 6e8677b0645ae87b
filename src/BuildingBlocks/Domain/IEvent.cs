namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// An immutable fact, named in the past tense: a public record in a module's Contracts. It carries everything that a reader needs to fold
/// it, and is never changed once it is stored.
/// </summary>
public interface IEvent;
