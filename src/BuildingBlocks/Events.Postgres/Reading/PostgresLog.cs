using System.Diagnostics;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>The event log of a module in PostgreSQL.</summary>
/// <param name="database">The module's database.</param>
/// <param name="catalogue">The event types of the log.</param>
/// <param name="partitions">The number of partitions. It is fixed when the log is created, and checked at start.</param>
public sealed class PostgresLog(ModuleDatabase database, EventCatalogue catalogue, int partitions) : IEventLog
{
    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    public string Name => Catalogue.Log;

    /// <summary>The module's database.</summary>
    public ModuleDatabase Database { get; } = database;

    /// <inheritdoc />
    public EventCatalogue Catalogue { get; } = catalogue;

    /// <inheritdoc />
    public int Partitions { get; } = partitions;

    /// <inheritdoc />
    public LogSignal Signal { get; } = new();

    /// <summary>Pulsed when this process has committed to the log, so that other processes can be notified.</summary>
    internal LogSignal Commits { get; } = new();

    internal string AppendSpan { get; } = $"append {catalogue.Log}";

    internal string PublishSpan { get; } = $"publish {catalogue.Log}";

    private PostgresLogReader QueryReader => new(this, Database.Reader);

    private PostgresLogReader AppReader => new(this, Database.App);

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = await QueryReader.HeadsAsync(cancellation);
        return heads
            .Select((head, partition) => (Partition: new LogPartition(Name, partition), Head: head))
            .ToDictionary(entry => entry.Partition, entry => entry.Head);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PartitionHead>> PartitionHeadsAsync(CancellationToken cancellation) =>
        AppReader.PartitionHeadsAsync(cancellation);

    /// <inheritdoc />
    public Task ReadAsync(IReadOnlyList<PartitionOffset> from, int limit, List<LogRecord> into, CancellationToken cancellation) =>
        QueryReader.ReadAsync(from, limit, into, cancellation);

    /// <inheritdoc />
    public Task<Guid?> EventIdAsync(PartitionOffset offset, CancellationToken cancellation) => AppReader.EventIdAsync(offset, cancellation);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<int, DateTimeOffset>> TimesAsync(
        IReadOnlyCollection<PartitionOffset> offsets, CancellationToken cancellation) => QueryReader.TimesAsync(offsets, cancellation);

    /// <inheritdoc />
    public async Task WaitForOpenTransactionsAsync(CancellationToken cancellation)
    {
        var reader = QueryReader;
        var own = await reader.NextTransactionAsync(cancellation);
        var since = Stopwatch.GetTimestamp();
        while (await reader.OldestTransactionAsync(cancellation) <= own)
        {
            if (Stopwatch.GetElapsedTime(since) > TransactionTimeout)
            {
                throw new TimeoutException(
                    $"A transaction on the database of {Database.Module} has been open for more than "
                    + $"{TransactionTimeout.TotalSeconds:0} s, "
                    + "so that the log as of that time is not known. End the transaction, and send the request again.");
            }

            await Task.Delay(CheckInterval, cancellation);
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> AuditAsync(IReadOnlyList<PartitionOffset> below, CancellationToken cancellation) =>
        new LogAudit(this).FaultsAsync(below, cancellation);

    /// <summary>Wakes the readers of this process and notifies other processes.</summary>
    internal void NoteCommit()
    {
        Signal.Pulse();
        Commits.Pulse();
    }
}
