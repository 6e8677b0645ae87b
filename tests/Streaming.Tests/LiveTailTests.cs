using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.Testing;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Unit")]
public sealed class LiveTailTests
{
    private const int Events = 400;
    private const int ManyListeners = 10_000;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>One wake-up per event would take 20 s at the longest pace.</summary>
    [Fact]
    public async Task Wake_ups_of_many_listeners_are_batched()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var transport = new OneByOneTransport(Events);
        await using var tail = new LiveTail(
            transport, [OneByOneTransport.Log], new LiveSettings(), () => ManyListeners, NullLogger.Instance);
        var followed = await tail.Ready.WaitAsync(Timeout, cancellation);

        transport.Start();
        await Eventually.HoldsAsync(Timeout, "all are in the ring", () => followed.Ring.Newest().Single() == Events, cancellation);

        followed.Added.Version.ShouldBeLessThan(Events / 2);
    }

    [Fact]
    public async Task Waiting_listener_is_woken_for_the_last_event()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var transport = new OneByOneTransport(Events);
        await using var tail = new LiveTail(
            transport, [OneByOneTransport.Log], new LiveSettings(), () => ManyListeners, NullLogger.Instance);
        var followed = await tail.Ready.WaitAsync(Timeout, cancellation);
        transport.Start();
        while (true)
        {
            var seen = followed.Added.Version;
            if (followed.Ring.Newest().Single() == Events)
                break;
            await followed.Added.WaitAsync(seen, cancellation).WaitAsync(Timeout, cancellation);
        }
    }

    /// <summary>One partition whose events arrive one by one after <see cref="Start"/>.</summary>
    private sealed class OneByOneTransport(int events) : IEventTransport
    {
        public const string Log = "shop.events";

        private static readonly LogPartition Partition = new(Log, 0);

        private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsCopy => false;

        public void Start() => started.SetResult();

        public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<LogPartition, long>>(new Dictionary<LogPartition, long> { [Partition] = 0 });

        public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(
            IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await started.Task.WaitAsync(cancellation);
            for (var offset = from[Partition]; offset < events; offset++)
                yield return [SampleRecords.Of(new Counted(SampleRecords.CounterOf(0), 1), offset)];
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        }

        public IEventReader Open(Subscription subscription) => throw new NotSupportedException();

        public Task DeleteGroupAsync(string group, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(
            string log, DateTimeOffset since, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
