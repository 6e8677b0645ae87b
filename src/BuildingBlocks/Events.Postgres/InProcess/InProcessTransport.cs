using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>
/// The transport without a broker: readers take the events straight from the modules' logs, each log through its own reader role. Durable and replayable, with the same partitions and
/// offsets, in one process.
/// </summary>
internal sealed class InProcessTransport(IEnumerable<PostgresLog> logs) : IEventTransport
{
    /// <summary>What positions belong to: there is only one log of a name, and its offsets are the positions.</summary>
    public const string Source = "log";

    private readonly Dictionary<string, PostgresLog> logs = logs.ToDictionary(log => log.Name);

    public bool IsCopy => false;

    public IEventReader Open(Subscription subscription)
    {
        var missing = subscription.Logs.FirstOrDefault(name => !logs.ContainsKey(name));
        return missing is null
            ? new InProcessReader(subscription, [.. subscription.Logs.Select(name => logs[name])])
            : throw NotHere(subscription.Group, missing);
    }

    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) => await logs[log].HeadsAsync(cancellation);

    // The checkpoints say it all: nothing is kept of a group.
    public Task ForgetAsync(string group, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<IReadOnlyList<LogHead>> EndsAsync(string log, CancellationToken cancellation)
    {
        var here = logs.GetValueOrDefault(log) ?? throw NotHere("A reactor", log);
        var ends = await new PostgresLogReader(here, here.Database.Reader).EndsAsync(cancellation);
        return [.. ends.Select(end => new LogHead(new LogPartition(log, end.Partition), end.NextOffset, end.LastEventId, end.NextOffset - 1, end.LastEventId is null ? null : Source))];
    }

    public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A reader whose checkpoints are the places, and never move.
        await using var reader = Open(new Subscription("A follower", [.. from.Keys.Select(partition => partition.Log).Distinct()], (partitions, _) => Task.FromResult(PointsOf(partitions, from))));
        await foreach (var happened in reader.Events.ReadAllAsync(cancellation))
        {
            if (happened is not ReaderEvent.Read read)
                continue;
            // Of each partition the event before its place comes too.
            LogRecord[] wanted = [.. read.Records.Where(record => record.Offset >= from[new LogPartition(record.Log, record.Partition)])];
            if (wanted.Length > 0)
                yield return wanted;
        }
    }

    public async Task<IReadOnlyDictionary<LogPartition, long>> PlacesSinceAsync(string log, DateTimeOffset since, CancellationToken cancellation)
    {
        var here = logs.GetValueOrDefault(log) ?? throw NotHere("A follower", log);
        var places = await new OffsetSearch(new PostgresLogReader(here, here.Database.Reader)).SinceAsync(since - IEventTransport.ClockSlack, cancellation);
        return places.Select((offset, partition) => (Partition: new LogPartition(log, partition), Offset: offset)).ToDictionary(place => place.Partition, place => place.Offset);
    }

    private static IReadOnlyList<Checkpoint> PointsOf(IReadOnlyList<LogPartition> partitions, IReadOnlyDictionary<LogPartition, long> from) =>
        [.. partitions.Select(partition => new Checkpoint(partition, Epoch: 1, from[partition], LastEventId: null, Position: 0, Source))];

    private static InvalidOperationException NotHere(string reader, string log) =>
        new($"{reader} reads {log}, whose module does not run in this process: set Transport=Kafka, or add the module to the setting 'Modules'.");
}
