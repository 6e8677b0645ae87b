using System.Text;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>Records without a log.</summary>
public static class SampleRecords
{
    private static readonly EventCatalogue Shop = SampleCatalogues.Shop();
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>An event of a counter at an offset of the shop's log; its id follows from the offset.</summary>
    public static LogRecord Of(IEvent data, long offset, int partition = 0, Guid? stream = null) =>
        Raw(Shop.NameOf(data.GetType()), Shop.Serialize(data), offset, partition, stream);

    public static LogRecord Raw(
        string type, string data, long offset, int partition = 0, Guid? stream = null, Guid? id = null, long? position = null) => new()
    {
        Log = "shop.events",
        Partition = partition,
        Offset = offset,
        Position = position ?? offset + 1_000,
        EventId = id ?? IdAt(partition, offset),
        StreamId = stream ?? CounterOf(partition),
        StreamVersion = offset + 1,
        Type = type,
        Data = Encoding.UTF8.GetBytes(data),
        OccurredAt = Time,
    };

    public static Guid IdAt(int partition, long offset) => new((int)offset, (short)partition, 1, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The only counter of a partition.</summary>
    public static Guid CounterOf(int partition) => new(partition, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0);
}
