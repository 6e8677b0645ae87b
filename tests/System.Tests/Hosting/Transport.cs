namespace Monolith.System.Tests.Hosting;

/// <summary>The transports of the host, by the names of its setting.</summary>
public enum Transport
{
    Embedded,
    Kafka,
}
