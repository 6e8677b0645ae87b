using System.Diagnostics;

namespace Monolith.Benchmarks.Baselines;

/// <summary>One row of a bare log. The database assigns the offset.</summary>
internal sealed class BareEvent
{
    private const uint Spread = 2654435761;

    public int Partition { get; init; }

    public long Offset { get; init; }

    public Guid EventId { get; init; }

    public Guid StreamId { get; init; }

    public long StreamVersion { get; init; }

    public string Type { get; init; } = "";

    public string Data { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    public string? Actor { get; init; }

    public Guid CorrelationId { get; init; }

    public Guid? CausationId { get; init; }

    public string? Traceparent { get; init; }

    public static BareEvent Of(Guid stream, long version, string type, string data, DateTimeOffset at) => new()
    {
        Partition = (int)((uint)stream.GetHashCode() * Spread % BareSchema.Partitions),
        EventId = Guid.CreateVersion7(at),
        StreamId = stream,
        StreamVersion = version,
        Type = type,
        Data = data,
        OccurredAt = at,
        CorrelationId = Guid.CreateVersion7(at),
        Traceparent = Activity.Current?.Id,
    };
}
