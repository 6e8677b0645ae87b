using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Reading;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.EventLog;

/// <summary>A module's log in PostgreSQL, as its own module knows it: where it is, how many partitions it has, and who is told of a commit.</summary>
/// <param name="database">The module's database.</param>
/// <param name="catalogue">The events of the log.</param>
/// <param name="partitions">How many partitions it has; fixed when the log is made, checked at start.</param>
public sealed class PostgresLog(ModuleDatabase database, EventCatalogue catalogue, int partitions)
{
    /// <summary>The log's name, which is that of its topic (<c>customers.events</c>).</summary>
    public string Name => Catalogue.Log;

    /// <summary>The module's database.</summary>
    public ModuleDatabase Database { get; } = database;

    /// <summary>The events of the log.</summary>
    public EventCatalogue Catalogue { get; } = catalogue;

    /// <summary>How many partitions the log has.</summary>
    public int Partitions { get; } = partitions;

    /// <summary>Pulsed when the log has grown, by whichever process.</summary>
    public LogSignal Signal { get; } = new();

    /// <summary>Pulsed when this process has committed to the log, so that it can tell the others.</summary>
    internal LogSignal Commits { get; } = new();

    /// <summary>The head of each partition: its next offset.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = await new PostgresLogReader(this, Database.Reader).HeadsAsync(cancellation);
        return heads.Select((head, partition) => (Partition: new LogPartition(Name, partition), Head: head)).ToDictionary(entry => entry.Partition, entry => entry.Head);
    }

    internal string AppendSpan { get; } = $"append {catalogue.Log}";

    internal string PublishSpan { get; } = $"publish {catalogue.Log}";

    /// <summary>Tells everybody that this process has committed to the log.</summary>
    internal void NoteCommit()
    {
        Signal.Pulse();
        Commits.Pulse();
    }
}
