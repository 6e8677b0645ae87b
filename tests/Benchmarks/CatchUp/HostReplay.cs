using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>
/// Lets the host build its read model from the log. Measures the time from when the projection claims the partitions until it has applied
/// the last event.
/// </summary>
internal sealed class HostReplay(Database database, long events, int postmasterId)
{
    private const string Topic = "customers.events";

    private const string ForgetCustomers =
        """
        update orders_read.checkpoints set next_offset = 0, last_event_id = null, position = 0, source = null, epoch = 0 where projection = 'orders.customers';
        truncate orders_read.customers_g1;
        """;

    private const string ForgetAll =
        """
        update orders_read.checkpoints set next_offset = 0, last_event_id = null, position = 0, source = null, epoch = 0;
        truncate orders_read.customers_g1, orders_read.summaries_g1;
        update customers.relay_leases set topic_id = null;
        """;

    // Epochs were set to 0: epoch 1 is the claim of the measured host.
    private const string StateSql =
        "select coalesce(min(epoch), 0)::bigint, coalesce(sum(next_offset), 0)::bigint from orders_read.checkpoints where projection = "
            + "'orders.customers' and log = 'customers.events'";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan TopicPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Builds all projections once without a broker, which creates the tables, and once from the topic, which sets the checkpoints' source.
    /// </summary>
    public async Task PrepareAsync(string broker, CancellationToken cancellation)
    {
        await using (await HostProcess.StartAsync(database, kafka: null, cancellation))
            await ReadSide.DrainAsync(database, cancellation);
        await FromNothingAsync(broker, cancellation);
    }

    /// <summary>Deletes everything but the log, including the topic; the summaries are built at the same time.</summary>
    public async Task<ReplayCost> FromNothingAsync(string broker, CancellationToken cancellation)
    {
        await DeleteTopicAsync(broker, cancellation);
        await database.ExecuteAsync(ForgetAll, cancellation);
        return await MeasureAsync(broker, cancellation);
    }

    /// <summary>Deletes only the rows of orders.customers; the summaries are current and have no work.</summary>
    public async Task<ReplayCost> CustomersAloneAsync(string? kafka, CancellationToken cancellation)
    {
        await database.ExecuteAsync(ForgetCustomers, cancellation);
        return await MeasureAsync(kafka, cancellation);
    }

    public static async Task DeleteTopicAsync(string broker, CancellationToken cancellation)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker }).SetLogHandler((_, _) => { }).Build();
        if (await HasTopicAsync(admin))
            await admin.DeleteTopicsAsync([Topic]);
        await Until.HoldsAsync("the topic is gone", TopicPoll, async () => !await HasTopicAsync(admin), cancellation);
    }

    private static async Task<bool> HasTopicAsync(IAdminClient admin)
    {
        try
        {
            await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([Topic]));
            return true;
        }
        catch (DescribeTopicsException)
        {
            return false;
        }
    }

    private async Task<ReplayCost> MeasureAsync(string? kafka, CancellationToken cancellation)
    {
        await database.ExecuteAsync("checkpoint", cancellation);
        await using var connection = await database.OpenAsync(cancellation);
        await using var state = new NpgsqlCommand(StateSql, connection);
        await state.PrepareAsync(cancellation);

        var starting = HostProcess.StartAsync(database, kafka, cancellation);
        await Until.HoldsAsync(
            "the host has the partitions",
            Poll,
            async () => starting.IsFaulted || (await StateAsync(state, cancellation)).Epoch > 0,
            cancellation);
        var began = Stopwatch.GetTimestamp();
        var postgresCpu = CpuMeter.WithChildren(postmasterId);
        await Until.HoldsAsync(
            "every event is applied",
            Poll,
            async () => starting.IsFaulted || (await StateAsync(state, cancellation)).Applied >= events,
            cancellation);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;

        postgresCpu = CpuMeter.WithChildren(postmasterId) - postgresCpu;

        await using var host = await starting;
        var cost = new ReplayCost(seconds, CpuMeter.Of(host.Id), postgresCpu);
        await ReadSide.DrainAsync(database, cancellation);
        return cost;
    }

    private static async Task<(long Epoch, long Applied)> StateAsync(NpgsqlCommand state, CancellationToken cancellation)
    {
        await using var row = await state.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
