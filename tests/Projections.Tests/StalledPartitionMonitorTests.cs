using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Reactors.Running;
using Monolith.Testing;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class StalledPartitionMonitorTests : IDisposable
{
    private const long Epoch = 4;

    private static readonly LogPartition Partition = MemoryStore.Of(0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly FakeTimeProvider clock = new();
    private readonly ScriptedReader reader = new();
    private readonly RecordedLog log = new();
    private readonly List<LostPartition> retaken = [];
    private readonly GenerationProgress progress;
    private readonly StalledPartitionMonitor watch;

    public StalledPartitionMonitorTests()
    {
        progress = new GenerationProgress(new LogSignal(), clock);
        reader.OnRetake = retaken.AddRange;
        // The heads are given to it by hand.
        watch = new StalledPartitionMonitor("counters", null!, [Partition.Log], reader, progress, clock, log.CreateLogger("watch"));
    }

    public void Dispose() => log.Dispose();

    [Fact]
    public void A_partition_that_is_behind_and_does_not_move_is_taken_anew_and_shows()
    {
        StandsAt(5);
        LookAt(head: 8);
        clock.Advance(Patience);
        LookAt(head: 9);

        retaken.ShouldBe([new LostPartition(Partition, Epoch)]);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBe("shop.events[0] is stalled at offset 5, although its log has events up to offset 8: it is assigned again.");

        // Taken anew in vain: once more, after as long.
        LookAt(head: 9);
        clock.Advance(Patience);
        LookAt(head: 9);
        retaken.Count.ShouldBe(2);

        StandsAt(6);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBeNull();
    }

    [Fact]
    public void One_that_moves_or_is_at_the_end_or_has_a_page_in_work_is_left_alone()
    {
        StandsAt(5);
        LookAt(head: 8);
        clock.Advance(Patience);
        StandsAt(6);
        LookAt(head: 8);
        clock.Advance(Patience);
        LookAt(head: 6);
        clock.Advance(Patience);
        LookAt(head: 8);
        progress.Begin();
        clock.Advance(Patience);
        LookAt(head: 8);
        progress.End();

        retaken.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_was_stopped_is_taken_anew_and_shows_why_it_was_until_it_moves()
    {
        const string Reason = "the event 6 cannot be read";
        StandsAt(6, stopped: Reason);
        LookAt(head: 8);
        clock.Advance(Patience);
        LookAt(head: 8);
        retaken.ShouldBe([new LostPartition(Partition, Epoch)]);
        // Its owner has said it when it stopped.
        log.Entries.ShouldBeEmpty();

        // Taken anew, it is not stopped yet, and no better.
        StandsAt(6);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBe(Reason);
        StandsAt(6, stopped: Reason);
        LookAt(head: 8);
        clock.Advance(Patience);
        LookAt(head: 8);
        retaken.Count.ShouldBe(2);

        StandsAt(7);
        progress.Partitions.ShouldHaveSingleItem().Waiting.ShouldBeNull();
    }

    [Fact]
    public void A_reactor_that_stands_still_is_taken_anew_and_shows_too()
    {
        var status = new ReactorStatus("shop.reactor", clock);
        using var partition = new OwnedPartition(new PartitionCursor(new Checkpoint(Partition, Epoch, 5, Guid.NewGuid(), 0, "here"), "here"), Task.CompletedTask, clock);
        status.Publish(partition);
        var watching = new StalledPartitionMonitor("shop.reactor", null!, [Partition.Log], reader, status, clock, log.CreateLogger("watch"));
        var heads = new Dictionary<LogPartition, long> { [Partition] = 8 };
        watching.Check(Partition.Log, heads);
        status.StallOf(partition).ShouldBeNull();
        clock.Advance(Patience);
        watching.Check(Partition.Log, heads);

        retaken.ShouldBe([new LostPartition(Partition, Epoch)]);
        status.StallOf(partition).ShouldNotBeNull().ShouldStartWith("shop.events[0] is stalled at offset 5");

        // What waits for its reaction is not the reader's fault.
        partition.Add(null!, _ => new TaskCompletionSource().Task);
        watching.Check(Partition.Log, heads);
        clock.Advance(Patience);
        watching.Check(Partition.Log, heads);
        retaken.Count.ShouldBe(1);
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
