namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>A relay session cannot go on; the next one starts from what the topic holds.</summary>
internal sealed class RelaySessionEndedException(string message) : Exception(message);
