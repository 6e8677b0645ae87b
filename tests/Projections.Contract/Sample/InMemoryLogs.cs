using Monolith.BuildingBlocks.Events.InMemory;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>The sample logs in memory, for stores that need no database.</summary>
public sealed class InMemoryLogs : SampleLogs
{
    private readonly InMemoryEventLog shop = new(SampleCatalogues.Shop(), Partitions);
    private readonly InMemoryEventLog depot = new(SampleCatalogues.Depot(), Partitions);

    public override IEventLog Shop => shop;

    public override IEventLog Depot => depot;

    public override IEventTransport NewTransport() => new InMemoryTransport(shop, depot);

    public override SampleWriter WriterOf(IEventLog log) => new(log.Catalogue, events =>
    {
        ((InMemoryEventLog)log).AppendSerialized(events);
        return Task.CompletedTask;
    });

    public override Task RemoveAsync(IEventLog log, PartitionOffset offset)
    {
        ((InMemoryEventLog)log).Remove(offset);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
