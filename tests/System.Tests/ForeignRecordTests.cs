using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class ForeignRecordTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 300;
    private const int Gap = 5;
    private const string Topic = "customers.events";

    private static readonly TimeSpan BlamedWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Record_beyond_a_gap_is_reported_until_it_is_filled()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var (log, _) = await SystemInvariants.LogsAndViewsShouldHoldAsync(site, load.Journal);
        var last = log.Events[^1];

        await ProduceAsync(site, last.Partition, Forged(last, last.Offset + Gap));

        await Health.BlamesAsync(
            host.Url, "projection:orders.customers", $"holds offset {last.Offset + Gap} but not offset {last.Offset + 1}", BlamedWithin);
        await Health.BlamesAsync(
            host.Url, "projection:orders.summaries", $"holds offset {last.Offset + Gap} but not offset {last.Offset + 1}", BlamedWithin);
        await SystemInvariants.LogsAndViewsShouldHoldAsync(site, load.Journal);

        // Enough valid events to fill the gap, and a few more.
        var stream = new OneCustomer(host.Url, last.Stream);
        for (var i = 0; i < Gap + 2; i++)
            load.Journal.NoteAnswered(await stream.RenameAsync($"Renamed {i}"));
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
        await SystemInvariants.LogsAndViewsShouldHoldAsync(site, load.Journal);
    }

    [Fact]
    public async Task Records_of_foreign_producers_are_skipped()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await using var load = MixedLoad.Full(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var (log, _) = await SystemInvariants.LogsAndViewsShouldHoldAsync(site, load.Journal);

        for (var partition = 0; partition < log.Counters.Count; partition++)
        {
            await ProduceAsync(site, partition, new Message<string, byte[]> { Key = "nobody", Value = "no event"u8.ToArray() });
            await ProduceAsync(
                site,
                partition,
                new Message<string, byte[]> { Key = null!, Value = null!, Headers = new Headers { { "ce_sequence", "x"u8.ToArray() } } });
        }

        await using var afterwards = MixedLoad.Full(Clients, host.Url);
        await afterwards.RunAsync(SomeCommands);
        load.Journal.Add(afterwards.Journal);
        await SystemInvariants.LogsAndViewsShouldHoldAsync(site, load.Journal);
        await Health.BecomesHealthyAsync(host.Url, HealthyWithin);
    }

    private static Message<string, byte[]> Forged(LoggedEvent model, long sequence)
    {
        static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
        return new Message<string, byte[]>
        {
            Key = model.Stream.ToString(),
            Value = Bytes("""{"reason":"forged"}"""),
            Headers = new Headers
            {
                { "ce_specversion", Bytes("1.0") },
                { "ce_id", Bytes(Guid.CreateVersion7().ToString()) },
                { "ce_source", Bytes("/elsewhere") },
                { "ce_type", Bytes("customer.deactivated.v1") },
                { "ce_time", Bytes("2026-01-01T00:00:00.000000Z") },
                { "ce_subject", Bytes(model.Stream.ToString()) },
                { "ce_sequence", Bytes(sequence.ToString(CultureInfo.InvariantCulture)) },
                { "ce_streamversion", Bytes((model.Version + Gap).ToString(CultureInfo.InvariantCulture)) },
            },
        };
    }

    private static async Task ProduceAsync(Site site, int partition, Message<string, byte[]> record)
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = site.Kafka }).Build();
        await producer.ProduceAsync(new TopicPartition(Topic, partition), record);
    }
}
