namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Where a private Kafka node keeps its data, and which Kafka it runs.</summary>
public sealed record KafkaBrokerOptions
{
    /// <summary>The folder of this node: records, port and log. Made when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port; null: the one used last in this folder where it is free, else any free one.</summary>
    public int? Port { get; init; }

    /// <summary>The folder of an unpacked Kafka distribution; null: <c>KAFKA_HOME</c> of the environment.</summary>
    public string? KafkaHome { get; init; }

    /// <summary>Whether the node lives for minutes, not for days: Java then compiles for a quick start alone, which takes less of the processors, and less of what it could do at its best.</summary>
    public bool IsShortLived { get; init; }
}
