namespace Monolith.BuildingBlocks.Domain;

/// <summary>
/// An immutable fact in the past tense: a public record in a module's Contracts. It carries what a reader needs to fold it alone,
/// and is never edited once it is stored.
/// </summary>
public interface IEvent;
