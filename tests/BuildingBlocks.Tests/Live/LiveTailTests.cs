using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Live;

[Trait("Category", "Unit")]
public sealed class LiveTailTests
{
    private const int Pieces = 400;
    private const int ManyListeners = 10_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>At the longest pace a wake-up for each piece would take 20 s; events would wait behind the wake-ups of those before them.</summary>
    [Fact]
    public async Task Events_that_come_in_many_pieces_wake_many_listeners_for_all_of_them_together()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var transport = new PiecewiseTransport(Pieces);
        await using var tail = new LiveTail(transport, [PiecewiseTransport.Log], new LiveSettings(), () => ManyListeners, NullLogger.Instance);
        var followed = await tail.Ready.WaitAsync(Patience, cancellation);

        transport.Go();
        await Eventually.HoldsAsync(Patience, "all are in the ring", () => followed.Ring.Newest().Single() == Pieces, cancellation);

        followed.Grown.Version.ShouldBeLessThan(Pieces / 2);
    }

    [Fact]
    public async Task Whoever_looked_before_the_last_event_is_woken_for_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var transport = new PiecewiseTransport(Pieces);
        await using var tail = new LiveTail(transport, [PiecewiseTransport.Log], new LiveSettings(), () => ManyListeners, NullLogger.Instance);
        var followed = await tail.Ready.WaitAsync(Patience, cancellation);
        transport.Go();
        while (true)
        {
            var seen = followed.Grown.Version;
            if (followed.Ring.Newest().Single() == Pieces)
                break;
            await followed.Grown.WaitAsync(seen, cancellation).WaitAsync(Patience, cancellation);
        }
    }

    /// <summary>One partition whose events come one by one, as soon as the test says so.</summary>
    private sealed class PiecewiseTransport(int pieces) : IEventTransport
    {
        public const string Log = "shop.events";

        private static readonly LogPartition Only = new(Log, 0);

        private readonly TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsCopy => false;

        public void Go() => goes.SetResult();

        public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string log, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyDictionary<LogPartition, long>>(new Dictionary<LogPartition, long> { [Only] = 0 });

        public async IAsyncEnumerable<IReadOnlyList<LogRecord>> FollowAsync(IReadOnlyDictionary<LogPartition, long> from, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await goes.Task.WaitAsync(cancellation);
            for (var offset = from[Only]; offset < pieces; offset++)
                yield return [SampleRecords.Of(new Counted(SampleRecords.CounterOf(0), 1), offset)];
            await new TaskCompletionSource().Task.WaitAsync(cancellation);
        }

        public IEventReader Open(Subscription subscription) => throw new NotSupportedException();

        public Task DeleteGroupAsync(string group, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<LogHead>> PartitionHeadsAsync(string log, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<LogPartition, long>> OffsetsSinceAsync(string log, DateTimeOffset since, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
