using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Testing;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class StalledPartitionMonitorTests : IDisposable
{
    private const long Epoch = 4;

    private static readonly LogPartition Partition = MemoryStore.Of(0);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider clock = new();
    private readonly ScriptedReader reader = new();
    private readonly RecordedLog log = new();
    private readonly List<LostPartition> reassigned = [];
    private readonly GenerationProgress progress;
    private readonly StalledPartitionMonitor watch;

    public StalledPartitionMonitorTests()
    {
        progress = new GenerationProgress(new LogSignal(), clock);
        reader.OnReassign = reassigned.AddRange;
        // The test passes the heads.
        watch = new StalledPartitionMonitor("counters", null!, [Partition.Log], reader, progress, clock, log.CreateLogger("watch"));
    }

    public void Dispose() => log.Dispose();

    [Fact]
    public void Stalled_partition_is_claimed_again_and_shows()
    {
        StandsAt(5);
        LookAt(head: 8);
        clock.Advance(Timeout);
        LookAt(head: 9);

        reassigned.ShouldBe([new LostPartition(Partition, Epoch)]);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBe(
            "shop.events[0] is stalled at offset 5, although its log has events up to offset 8: it is assigned again.");

        // The claim did not help: it is repeated after the same time.
        LookAt(head: 9);
        clock.Advance(Timeout);
        LookAt(head: 9);
        reassigned.Count.ShouldBe(2);

        StandsAt(6);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBeNull();
    }

    [Fact]
    public void Partition_that_moves_or_is_current_is_not_stalled()
    {
        StandsAt(5);
        LookAt(head: 8);
        clock.Advance(Timeout);
        StandsAt(6);
        LookAt(head: 8);
        clock.Advance(Timeout);
        LookAt(head: 6);
        clock.Advance(Timeout);
        LookAt(head: 8);
        progress.BeginBatch();
        clock.Advance(Timeout);
        LookAt(head: 8);
        progress.EndBatch();

        reassigned.ShouldBeEmpty();
    }

    [Fact]
    public void Stopped_partition_is_claimed_again_and_shows_its_reason()
    {
        const string Reason = "the event 6 cannot be read";
        StandsAt(6, stopped: Reason);
        LookAt(head: 8);
        clock.Advance(Timeout);
        LookAt(head: 8);
        reassigned.ShouldBe([new LostPartition(Partition, Epoch)]);
        // The owner has logged the reason when the partition stopped.
        log.Entries.ShouldBeEmpty();

        // After the new claim the partition is not stopped yet, but still does not advance.
        StandsAt(6);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBe(Reason);
        StandsAt(6, stopped: Reason);
        LookAt(head: 8);
        clock.Advance(Timeout);
        LookAt(head: 8);
        reassigned.Count.ShouldBe(2);

        StandsAt(7);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBeNull();
    }

    [Fact]
    public void Stalled_reactor_is_claimed_again_and_shows()
    {
        var status = new ReactorStatus("shop.reactor", clock);
        using var partition = new OwnedPartition(
            new PartitionCursor(new Checkpoint(Partition, Epoch, 5, Guid.NewGuid(), 0, "here"), "here"), Task.CompletedTask, clock);
        status.Publish(partition);
        var watching =
            new StalledPartitionMonitor("shop.reactor", null!, [Partition.Log], reader, status, clock, log.CreateLogger("watch"));
        var heads = new Dictionary<LogPartition, long> { [Partition] = 8 };
        watching.Check(Partition.Log, heads);
        status.StallOf(partition).ShouldBeNull();
        clock.Advance(Timeout);
        watching.Check(Partition.Log, heads);

        reassigned.ShouldBe([new LostPartition(Partition, Epoch)]);
        status.StallOf(partition).ShouldNotBeNull().ShouldStartWith("shop.events[0] is stalled at offset 5");

        // A partition that waits for its reaction is not stalled.
        partition.Add(null!, _ => new TaskCompletionSource().Task);
        watching.Check(Partition.Log, heads);
        clock.Advance(Timeout);
        watching.Check(Partition.Log, heads);
        reassigned.Count.ShouldBe(1);
    }

    private void LookAt(long head) => watch.Check(Partition.Log, new Dictionary<LogPartition, long> { [Partition] = head });

    private void StandsAt(long next, string? stopped = null)
    {
        var cursor = new PartitionCursor(new Checkpoint(Partition, Epoch, next, Guid.NewGuid(), 0, "here"), "here");
        if (stopped is not null)
            cursor.StopAt(next, stopped);
        progress.Publish([cursor]);
    }
}
