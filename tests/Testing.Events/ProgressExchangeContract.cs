using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Channels;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Sharing;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Testing.Events;

/// <summary>
/// Two processes share the rows of a projection: one applies all partitions, a request waits in the other. The checkpoints in the store do
/// not change, so that only a message between the processes can complete the wait.
/// </summary>
[Trait("Category", "Module")]
public abstract class ProgressExchangeContract(TestPostgres postgres) : IAsyncLifetime
{
    private const int Partition = 2;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly ProjectionStatus applying = Status();
    private readonly ProjectionStatus waiting = Status();
    private SampleDatabase here = null!;
    private SampleDatabase there = null!;
    private IGenerationRegistry registry = null!;
    private GenerationProgress progress = null!;

    public virtual async ValueTask InitializeAsync()
    {
        here = await postgres.NewAsync();
        there = here.OfAnotherProcess();
        registry = new PostgresStore<Guid, CounterRow>(
            there.Shop.Database.App, SampleDatabase.ReadSchema, SampleProjections.Concurrent(), new PostgresTable("counters", "counter_id"),
            Json).Registry;
        await registry.PrepareAsync(cancellation);
        (await registry.PromoteAsync(1, cancellation)).ShouldBe(PromotionOutcome.Promoted);
        var generations = await registry.ReadAsync(cancellation);
        progress = new GenerationProgress(applying.Advanced, TimeProvider.System);
        applying.Update(generations, progress, null);
        waiting.Update(generations, null, null);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await there.DisposeAsync();
        await here.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Waiting_request_learns_of_earlier_and_later_progress()
    {
        using var sender = Exchange(here, applying);
        using var receiver = Exchange(there, waiting);
        await Task.WhenAll(sender.StartAsync(cancellation), receiver.StartAsync(cancellation));
        Apply(5);

        (await WaitAsync(5)).ShouldBeNull();
        var next = WaitAsync(7);
        await Eventually.HoldsAsync(Timeout, "a request waits", () => waiting.Shared.HasWaiters, cancellation);
        next.IsCompleted.ShouldBeFalse();
        Apply(7);
        (await next).ShouldBeNull();

        waiting.Shared.HasWaiters.ShouldBeFalse();
        await Task.WhenAll(sender.StopAsync(cancellation), receiver.StopAsync(cancellation));
    }

    [Fact]
    public async Task Nothing_is_reported_when_no_request_waits()
    {
        var messages = new ConcurrentQueue<string>();
        await using var third = here.OfAnotherProcess();
        using var listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var listened = Open(third).SubscribeAsync(messages.Enqueue, listening.Token);
        var clock = new FakeTimeProvider();
        using var sender = Exchange(here, applying, clock);
        using var receiver = Exchange(there, waiting);
        await Task.WhenAll(sender.StartAsync(cancellation), receiver.StartAsync(cancellation));
        Apply(1);
        (await WaitAsync(1)).ShouldBeNull();

        clock.Advance(TimeSpan.FromSeconds(4));
        for (var i = 2; i <= 20; i++)
        {
            Apply(i);
            // Allows time for a message to arrive.
            await here.ExecuteAsync("select 1");
        }

        (await WaitAsync(20)).ShouldBeNull();
        await Eventually.HoldsAsync(
            Timeout,
            "all hosts receive the last answer",
            () => messages.Any(message => message.Contains(":20", StringComparison.Ordinal)),
            cancellation);
        messages.ShouldAllBe(message => !message.Contains(":10", StringComparison.Ordinal));
        await Task.WhenAll(sender.StopAsync(cancellation), receiver.StopAsync(cancellation));
        await listening.CancelAsync();
        await listened;
    }

    [Fact]
    public async Task Gate_reads_the_store_without_reports()
    {
        var taken = (await registry.ClaimPartitionsAsync(1, [SharedPartition], cancellation)).Single();
        var wait = WaitAsync(taken.NextOffset + 3);
        await Eventually.HoldsAsync(Timeout, "a request waits", () => waiting.Shared.HasWaiters, cancellation);

        await here.ExecuteAsync($"update shop_read.checkpoints set next_offset = {taken.NextOffset + 3}");

        (await wait).ShouldBeNull();
    }

    [Fact]
    public async Task Wait_that_times_out_returns_the_lag()
    {
        await registry.ClaimPartitionsAsync(1, [SharedPartition], cancellation);

        var error = await WaitAsync(4, TimeSpan.FromMilliseconds(50));

        error!.Slug.ShouldBe("read-model-behind");
        error.Detail.ShouldContain("4 events behind");
        waiting.Shared.HasWaiters.ShouldBeFalse();
    }

    /// <summary>The channel of one host.</summary>
    private protected abstract IHostChannel Open(SampleDatabase database);

    private LogPartition SharedPartition => new(applying.Logs[0], Partition);

    private async Task<Error?> WaitAsync(long next, TimeSpan? atMost = null)
    {
        await using var services = new ServiceCollection()
            .AddKeyedSingleton(waiting.Name, waiting)
            .AddKeyedSingleton(waiting.Name, registry)
            .BuildServiceProvider();
        return await new ReadModelGate(services, [])
            .WaitAsync([waiting.Name], [new LogOffset(waiting.Logs[0], Partition, next)], atMost ?? Timeout, cancellation);
    }

    // As the runner does after a batch.
    private void Apply(long next) =>
        progress.Publish([new PartitionCursor(new Checkpoint(SharedPartition, 1, next, null, 0, null), "here")]);

    private static ProjectionStatus Status() =>
        new(SampleProjections.Concurrent().Name, 1, [SampleProjections.Concurrent().Sources[0].Catalogue.Log]);

    private ProgressExchange Exchange(SampleDatabase database, ProjectionStatus status, TimeProvider? clock = null) =>
        new(Open(database), [new ProjectionProgress(status, clock ?? TimeProvider.System)], NullLogger<ProgressExchange>.Instance);
}
