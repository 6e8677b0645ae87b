using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Events.Tests;

[Trait("Category", "Unit")]
public sealed class LogSignalTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly LogSignal signal = new();
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pulse_wakes_all_waiters()
    {
        var waiting = Enumerable.Range(0, 5).Select(_ => signal.WaitAsync(signal.Version, cancellation)).ToArray();
        waiting.ShouldAllBe(wait => !wait.IsCompleted);

        signal.Pulse();

        await Task.WhenAll(waiting).WaitAsync(Timeout);
    }

    [Fact]
    public void Pulse_before_the_wait_is_not_lost()
    {
        var seen = signal.Version;
        signal.Pulse();

        signal.WaitAsync(seen, cancellation).IsCompletedSuccessfully.ShouldBeTrue();
        signal.WaitAsync(signal.Version, cancellation).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_can_be_cancelled()
    {
        using var gone = new CancellationTokenSource();
        var waiting = signal.WaitAsync(signal.Version, gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Cancelled_wait_throws_instead_of_timing_out()
    {
        using var gone = new CancellationTokenSource();
        await signal.WaitAsync(signal.Version, TimeSpan.FromMilliseconds(1), gone.Token);
        var waiting = signal.WaitAsync(signal.Version, Timeout, gone.Token);

        await gone.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>
    /// An idle host waits every second, for months. Memory that waits leak grows in each round; memory of other tests in the process does
    /// not.
    /// </summary>
    [Fact]
    public async Task Ended_waits_leave_no_registrations()
    {
        const int rounds = 5;
        const int waits = 20_000;
        const int bytesOfAWaitAtMost = 32;
        await WaitInVainAsync(waits);

        var least = long.MaxValue;
        for (var round = 0; round < rounds && least >= waits * bytesOfAWaitAtMost; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await WaitInVainAsync(waits);
            least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        least.ShouldBeLessThan(waits * bytesOfAWaitAtMost);
        signal.Version.ShouldBe(0);
    }

    /// <summary>Producers add to a sum and pulse; consumers read and wait. With one lost wake-up a consumer waits forever.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public async Task No_pulse_is_lost(int producers, int consumers)
    {
        const int pulsesOfEach = 20_000;
        var written = 0L;
        var consuming = Enumerable.Range(0, consumers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var seen = signal.Version;
                if (Volatile.Read(ref written) == producers * pulsesOfEach)
                    return;
                await signal.WaitAsync(seen, cancellation);
            }
        })).ToArray();
        var producing = Enumerable.Range(0, producers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < pulsesOfEach; i++)
            {
                Interlocked.Increment(ref written);
                signal.Pulse();
            }
        })).ToArray();

        await Task.WhenAll([.. producing, .. consuming]).WaitAsync(Timeout);

        signal.Version.ShouldBe(producers * pulsesOfEach);
    }

    /// <summary>One item at a time, each answered before the next, so that every wake-up is needed.</summary>
    [Fact]
    public async Task Ping_pong_never_stalls()
    {
        const int rounds = 20_000;
        var answer = new LogSignal();
        long sent = 0, answered = 0;
        var ponging = Task.Run(async () =>
        {
            while (answered < rounds)
            {
                var seen = signal.Version;
                if (Volatile.Read(ref sent) == answered)
                {
                    await signal.WaitAsync(seen, cancellation);
                    continue;
                }

                Interlocked.Increment(ref answered);
                answer.Pulse();
            }
        });
        var pinging = Task.Run(async () =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                Interlocked.Increment(ref sent);
                signal.Pulse();
                while (true)
                {
                    var seen = answer.Version;
                    if (Volatile.Read(ref answered) == round)
                        break;
                    await answer.WaitAsync(seen, cancellation);
                }
            }
        });

        await Task.WhenAll(ponging, pinging).WaitAsync(Timeout);
    }

    private Task WaitInVainAsync(int times) => Parallel.ForAsync(
        0,
        times,
        new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = cancellation },
        async (_, _) => await signal.WaitAsync(signal.Version, TimeSpan.FromMilliseconds(1), cancellation));
}
