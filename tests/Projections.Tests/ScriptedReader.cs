using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Projections.Tests;

/// <summary>A reader whose events a test defines.</summary>
internal sealed class ScriptedReader : IEventReader
{
    private readonly Channel<ReaderEvent> events = Channel.CreateUnbounded<ReaderEvent>();

    public ChannelReader<ReaderEvent> Events => events.Reader;

    /// <summary>Called when partitions are to be claimed again.</summary>
    public Action<IReadOnlyCollection<LostPartition>> OnReassign { get; set; } = _ =>
        throw new InvalidOperationException("The test expects no reassignment.");

    public Dictionary<LogPartition, long> Positions { get; } = [];

    public ScriptedReader Delivers(params ReaderEvent[] script)
    {
        foreach (var happened in script)
            events.Writer.TryWrite(happened).ShouldBeTrue();
        return this;
    }

    public void Ends() => events.Writer.Complete();

    public void Reassign(IReadOnlyCollection<LostPartition> partitions) => OnReassign(partitions);

    public void Applied(LogPartition partition, long position) => Positions[partition] = position;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
