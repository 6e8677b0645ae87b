using System.Threading.Channels;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>A transport of copies, in which one record has another actor than the event of the log.</summary>
public sealed class TamperedCopies(IEventTransport inner, LogPartition partition, long offset) : IEventTransport
{
    public bool IsCopy => true;

    public IEventReader Open(Subscription subscription) => new Reader(inner.Open(subscription), Copy);

    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
        inner.HeadsAsync(log, cancellation);

    public Task DeleteGroupAsync(string group, CancellationToken cancellation) => inner.DeleteGroupAsync(group, cancellation);

    public Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) =>
        inner.PartitionHeadsAsync(log, cancellation);

    public IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
        IReadOnlyDictionary<LogPartition, long> from, CancellationToken cancellation) =>
        inner.FollowAsync(from, cancellation);

    public Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
        string log, DateTimeOffset since, CancellationToken cancellation) =>
        inner.OffsetsSinceAsync(log, since, cancellation);

    private LogRecord Copy(LogRecord record) =>
        record.Log != partition.Log || record.Partition != partition.Partition || record.Offset != offset
        ? record
        : new LogRecord
        {
            Log = record.Log,
            Partition = record.Partition,
            Offset = record.Offset,
            EventId = record.EventId,
            StreamId = record.StreamId,
            StreamVersion = record.StreamVersion,
            Type = record.Type,
            Data = record.Data,
            OccurredAt = record.OccurredAt,
            Actor = "another actor",
            CorrelationId = record.CorrelationId,
            CausationId = record.CausationId,
            TraceParent = record.TraceParent,
            Position = record.Position,
        };

    private sealed class Reader : IEventReader
    {
        private readonly IEventReader inner;
        private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(1);
        private readonly CancellationTokenSource ending = new();
        private readonly Task pumping;

        public Reader(IEventReader inner, Func<LogRecord, LogRecord> copy)
        {
            this.inner = inner;
            pumping = PumpAsync(copy);
        }

        public ChannelReader<ReaderEvent> Events => events.Reader;

        public void Reassign(IReadOnlyCollection<LostPartition> partitions) => inner.Reassign(partitions);

        public void Applied(LogPartition partition, long position) => inner.Applied(partition, position);

        public async ValueTask DisposeAsync()
        {
            await ending.CancelAsync();
            await inner.DisposeAsync();
            await pumping;
            ending.Dispose();
        }

        private async Task PumpAsync(Func<LogRecord, LogRecord> copy)
        {
            Exception? end = null;
            try
            {
                await foreach (var happened in inner.Events.ReadAllAsync(ending.Token))
                    await events.Writer.WriteAsync(
                        happened is ReaderEvent.RecordsRead read ? new ReaderEvent.RecordsRead([.. read.Records.Select(copy)]) : happened,
                        ending.Token);
            }
            catch (Exception exception)
            {
                end = exception;
            }

            events.Writer.TryComplete(end);
        }
    }
}
