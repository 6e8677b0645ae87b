namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>Another process runs the database in a way that excludes this one.</summary>
/// <param name="module">The module whose database it is.</param>
/// <param name="alone">Whether this process wanted it alone.</param>
public sealed class DatabaseClaimedException(string module, bool alone) : Exception(alone
    ? $"Another process already runs the database of {module}. The embedded transport serves one process only: stop the other one, or run both with Transport=Kafka."
    : $"A process on the embedded transport runs the database of {module} alone: stop it, or run it with Transport=Kafka too.");
