using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Testing.Events;

/// <summary>The Kafka transport with a relay for each log.</summary>
internal sealed class RelayedTransport : IRunningTransport
{
    private readonly List<LogRelay> relays = [];

    private RelayedTransport(KafkaClients kafka) => Kafka = kafka;

    public KafkaClients Kafka { get; }

    public IEventTransport Transport => Kafka.Transport;

    public static async Task<RelayedTransport> StartAsync(KafkaClients kafka, params PostgresLog[] logs)
    {
        var transport = new RelayedTransport(kafka);
        foreach (var log in logs)
        {
            var relay = new LogRelay(log, kafka.Topics, new RelayStatus(log.Name), TimeProvider.System, NullLogger<LogRelay>.Instance);
            transport.relays.Add(relay);
            await relay.StartAsync(CancellationToken.None);
        }

        return transport;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in relays)
        {
            await relay.StopAsync(CancellationToken.None);
            relay.Dispose();
        }

        Kafka.Dispose();
    }
}
