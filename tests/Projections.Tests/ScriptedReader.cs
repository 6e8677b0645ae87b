using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Projections.Tests;

/// <summary>A reader that tells what a test has written down for it.</summary>
internal sealed class ScriptedReader : IEventReader
{
    private readonly Channel<ReaderEvent> events = Channel.CreateUnbounded<ReaderEvent>();

    public ChannelReader<ReaderEvent> Events => events.Reader;

    /// <summary>What happens when partitions are to be taken anew.</summary>
    public Action<IReadOnlyCollection<LostPartition>> OnRetake { get; set; } = _ =>
        throw new InvalidOperationException("Nobody expected a retake.");

    public Dictionary<LogPartition, long> Positions { get; } = [];

    public ScriptedReader Tells(params ReaderEvent[] script)
    {
        foreach (var happened in script)
            events.Writer.TryWrite(happened).ShouldBeTrue();
        return this;
    }

    public void Ends() => events.Writer.Complete();

    public void Reassign(IReadOnlyCollection<LostPartition> partitions) => OnRetake(partitions);

    public void Applied(LogPartition partition, long position) => Positions[partition] = position;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
