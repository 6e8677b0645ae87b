using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Projections.Tests;

/// <summary>A reader that has failed.</summary>
internal sealed class FailingReader : IEventReader
{
    private readonly Channel<ReaderEvent> events = Channel.CreateUnbounded<ReaderEvent>();

    public FailingReader() => events.Writer.Complete(new InvalidOperationException("the reader died"));

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Reassign(IReadOnlyCollection<LostPartition> partitions)
    {
    }

    public void Applied(LogPartition partition, long position)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
