namespace Monolith.BuildingBlocks.Events.Postgres.Schema;

/// <summary>The database is not as this binary needs it; the message says what to do.</summary>
/// <param name="message">What is missing, and what to do.</param>
public sealed class SchemaOutOfDateException(string message) : Exception(message);
