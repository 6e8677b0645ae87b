using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Reactors.Tests;

[Trait("Category", "Module")]
public sealed class ReactorTests(TestPostgres postgres) : IAsyncLifetime
{
    private const string Checkpoints = $"{SampleDatabase.ReadSchema}.reactor_checkpoints";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly RecordingReactor reactor = new();
    private SampleDatabase database = null!;
    private SampleWriter writer = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.NewAsync();
        writer = new PostgresWriter(database.Shop);
    }

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task New_reactor_starts_at_the_head()
    {
        var counters = SampleWriter.Streams(2);
        await writer.CountAsync(counters, 10);
        await using var running = await StartAsync();
        await writer.CountAsync(counters, 3);

        await UntilAsync(24);

        foreach (var counter in counters)
            reactor.Of(counter).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Restarted_reactor_handles_events_of_the_meantime()
    {
        var counters = SampleWriter.Streams(1);
        await using (await StartAsync())
        {
            await writer.CountAsync(counters, 1);
            await UntilAsync(4);
            await UntilCheckpointsAreAtHeadsAsync();
        }

        await writer.CountAsync(counters, 2);
        await using var running = await StartAsync();

        await UntilAsync(12);
        foreach (var counter in counters)
            reactor.Of(counter).ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task Start_is_stored_once_and_survives_a_crash()
    {
        var counters = SampleWriter.Streams(1);
        await writer.CountAsync(counters, 5);
        await RunningReactor.CheckpointsOf(database).PrepareAsync(Transport(), [database.Shop.Name], CancellationToken.None);
        await writer.CountAsync(counters, 2);

        await RunningReactor.CheckpointsOf(database).PrepareAsync(Transport(), [database.Shop.Name], CancellationToken.None);
        (await database.QueryAsync<long>($"select next_offset from {Checkpoints}")).ShouldBe([5, 5, 5, 5]);
        await using var running = await StartAsync();

        await UntilAsync(8);
        foreach (var counter in counters)
            reactor.Of(counter).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Concurrent_hosts_store_one_start()
    {
        var counters = SampleWriter.Streams(1);
        await writer.CountAsync(counters, 5);

        await Task.WhenAll(
            Enumerable.Range(0, 8)
                .Select(
                    _ =>
                        Task.Run(
                            () =>
                                RunningReactor.CheckpointsOf(database)
                                    .PrepareAsync(Transport(), [database.Shop.Name], CancellationToken.None))));

        (await database.QueryAsync<long>($"select next_offset from {Checkpoints}")).ShouldBe([5, 5, 5, 5]);
    }

    [Fact]
    public async Task Crash_before_checkpoint_repeats_event_with_the_same_key()
    {
        var counter = SampleWriter.StreamsIn(1, 1);
        await using (var holder = await database.Superuser.OpenConnectionAsync())
        {
            await using var crashed = await StartAsync();
            await Eventually.HoldsAsync(Timeout, "all partitions", () => crashed.Status.Checkpoints.Count == SampleLogs.Partitions);
            await using var holding = await holder.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand($"select 1 from {Checkpoints} for update", holder))
                await hold.ExecuteNonQueryAsync();
            await writer.CountAsync(counter, 1);
            await UntilAsync(1);
            // Its checkpoint waits for the lock.
            await crashed.DisposeAsync();
        }

        await using var again = await StartAsync();

        await UntilAsync(2);
        reactor.All[1].ShouldBe(reactor.All[0]);
        await UntilCheckpointsAreAtHeadsAsync();
    }

    [Fact]
    public async Task Lost_partition_writes_nothing_and_is_claimed_again()
    {
        var counter = SampleWriter.StreamsIn(2, 1);
        var stolen = false;
        reactor.Before = async (_, _) =>
        {
            if (!stolen)
                await database.ExecuteAsync($"update {Checkpoints} set epoch = epoch + 1");
            stolen = true;
        };
        await using var running = await StartAsync();

        await writer.CountAsync(counter, 3);

        await UntilAsync(4);
        reactor.Of(counter[0]).ShouldBe([1, 1, 2, 3]);
        reactor.All.Select(seen => seen.Key).Distinct().Count().ShouldBe(3);
        await UntilCheckpointsAreAtHeadsAsync();
    }

    [Fact]
    public async Task Failing_event_is_retried_and_blocks_only_its_partition()
    {
        var (bad, good) = (SampleWriter.StreamsIn(0, 1)[0], SampleWriter.StreamsIn(3, 1)[0]);
        var mended = false;
        var attempts = 0;
        reactor.Before = (happened, _) =>
        {
            if (happened.StreamId != bad || Volatile.Read(ref mended))
                return Task.CompletedTask;
            Interlocked.Increment(ref attempts);
            throw new InvalidOperationException("not today");
        };
        await using var running = await StartAsync();

        await writer.CountAsync([bad, good], 5);
        await Eventually.HoldsAsync(Timeout, "the others and several attempts", () => reactor.Of(good).Length == 5 && attempts > 2);
        reactor.Of(bad).ShouldBeEmpty();
        Volatile.Write(ref mended, true);

        await Eventually.HoldsAsync(Timeout, "the rest", () => reactor.Of(bad).Length == 5);
        reactor.Of(bad).ShouldBe([1, 2, 3, 4, 5]);
        (await running.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Long_failure_degrades_health_and_names_the_event()
    {
        var clock = new FakeTimeProvider();
        var failed = new TaskCompletionSource();
        reactor.Before = (_, _) =>
        {
            failed.TrySetResult();
            throw new InvalidOperationException("not today");
        };
        await using var running = await StartAsync(clock);
        await writer.CountAsync(SampleWriter.StreamsIn(0, 1), 1);
        await failed.Task.WaitAsync(Timeout);
        (await running.HealthAsync()).Status.ShouldBe(HealthStatus.Healthy);

        await Eventually.HoldsAsync(
            Timeout, "the failure is recorded", () => running.Status.Owned.Any(partition => partition.Failure is not null));
        clock.Advance(TimeSpan.FromSeconds(6));

        var health = await running.HealthAsync();
        health.Status.ShouldBe(HealthStatus.Degraded);
        health.Description!.ShouldContain("shop.counted.v1");
        health.Description!.ShouldContain("not today");
    }

    [Fact]
    public async Task Undecodable_event_stops_its_partition_and_degrades_health()
    {
        var (bad, good) = (SampleWriter.StreamsIn(0, 1)[0], SampleWriter.StreamsIn(3, 1)[0]);
        await using var running = await StartAsync();

        await writer.AppendAsync(
            [
                (bad, "shop.counted.v1", $$"""{"counterId":"{{bad}}","by":1}"""),
                (bad, "shop.counted.v1", """{"counterId":"no id"}"""),
                (bad, "shop.counted.v1", $$"""{"counterId":"{{bad}}","by":3}""")
            ]);
        await writer.CountAsync([good], 2);

        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                await running.HealthAsync() is { Status: HealthStatus.Degraded } health
                    && health.Description!.Contains("shop.counted.v1", StringComparison.Ordinal)
                    ? null
                    : "degraded");
        await UntilAsync(3);
        reactor.Of(bad).ShouldBe([1]);
        reactor.Of(good).ShouldBe([1, 2]);
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                await database.ScalarAsync<long>($"select next_offset from {Checkpoints} where partition = 0") == 1
                    ? null
                    : "the checkpoint stands before the event");
    }

    [Fact]
    public async Task Unwanted_events_are_skipped_and_the_checkpoint_advances()
    {
        var counters = SampleWriter.Streams(1);
        await using var running = await StartAsync();

        await writer.AppendAsync([.. counters.Select(counter => (counter, (IEvent)new Named(counter, "any")))]);

        await UntilCheckpointsAreAtHeadsAsync();
        reactor.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_beyond_the_queue_are_read_again_and_handled_once()
    {
        const int many = 2_500;
        var counter = SampleWriter.StreamsIn(0, 1);
        var open = new TaskCompletionSource();
        reactor.Before = (_, cancellation) => open.Task.WaitAsync(cancellation);
        await using var running = await StartAsync();
        await writer.CountAsync(counter, many);
        await Eventually.HoldsAsync(Timeout, "more than may wait", () => running.Status.Owned.Any(partition => partition.IsOverfull));

        open.SetResult();

        await UntilAsync(many);
        reactor.Of(counter[0]).ShouldBe(Enumerable.Range(1, many).Select(by => (long)by));
    }

    [Fact]
    public async Task Removed_checkpoint_does_not_restart_a_reactor()
    {
        await writer.CountAsync(SampleWriter.Streams(1), 3);
        await RunningReactor.CheckpointsOf(database).PrepareAsync(Transport(), [database.Shop.Name], CancellationToken.None);
        await database.ExecuteAsync($"delete from {Checkpoints} where partition = 2");

        await using var running = await StartAsync();

        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await running.HealthAsync()).Description!.Contains("has no checkpoint", StringComparison.Ordinal) ? null : "it says so");
        reactor.All.ShouldBeEmpty();
    }

    private InProcessTransport Transport() => new([database.Shop, database.Depot]);

    private Task<RunningReactor> StartAsync(TimeProvider? clock = null) => RunningReactor.StartAsync(database, Transport(), reactor, clock);

    private Task UntilAsync(int reactions) =>
        Eventually.HoldsAsync(
            Timeout, () => Task.FromResult(reactor.All.Length >= reactions ? null : $"{reactor.All.Length} of {reactions} reactions"));

    private Task UntilCheckpointsAreAtHeadsAsync() => Eventually.HoldsAsync(Timeout, async () =>
        await database.ScalarAsync<long>(
            $"select count(*) from {Checkpoints} c join shop.partitions p on p.partition = c.partition where c.next_offset <> "
                + "p.next_offset") == 0
            ? null
            : "checkpoints at the heads");
}
