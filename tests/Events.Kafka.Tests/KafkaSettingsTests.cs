using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Events.Kafka;

namespace Monolith.Events.Kafka.Tests;

/// <summary>Settings of the client library whose defaults are slow.</summary>
[Trait("Category", "Unit")]
public sealed class KafkaSettingsTests
{
    private readonly KafkaSettings settings = new(new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?> { ["Kafka:BootstrapServers"] = "127.0.0.1:9092" })
        .Build());

    [Fact]
    public void Reader_fetches_again_as_soon_as_there_is_room()
    {
        // By default a partition that is read ahead pauses for a second; a rebuild took three times as long.
        settings.Reader("group").FetchQueueBackoffMs!.Value.ShouldBeLessThanOrEqualTo(10);
        settings.Follower("name").FetchQueueBackoffMs!.Value.ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void Read_ahead_is_bounded()
    {
        settings.Reader("group").QueuedMaxMessagesKbytes!.Value.ShouldBeLessThanOrEqualTo(16_384);
        settings.Follower("name").QueuedMaxMessagesKbytes!.Value.ShouldBeLessThanOrEqualTo(16_384);
    }
}
