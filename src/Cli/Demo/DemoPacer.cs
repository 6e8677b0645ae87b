namespace Monolith.Cli.Demo;

/// <summary>Starts the requests of a demo at a steady rate, however long each takes, with a limited number in flight.</summary>
internal static class DemoPacer
{
    private const int MaxInFlight = 128;

    // Task.Delay has a minimum of about a millisecond, and a maximum that a low rate could exceed.
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(double rate, DemoLimits limits, DemoShop shop, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Duration);
        using var slots = new SemaphoreSlim(MaxInFlight);
        var started = TimeProvider.System.GetTimestamp();

        for (var count = 0L; !shop.IsDone && !deadline.IsCancellationRequested; count++)
        {
            var due = TimeSpan.FromSeconds(Math.Min(count / rate, int.MaxValue));
            await WaitAsync(due, started, TimeProvider.System, deadline.Token);
            if (deadline.IsCancellationRequested)
                break;
            await slots.WaitAsync(CancellationToken.None);
            _ = StepAsync(shop, slots);
        }

        // The totals include the requests in flight.
        for (var slot = 0; slot < MaxInFlight; slot++)
            await slots.WaitAsync(CancellationToken.None);
    }

    /// <summary>Waits until the due time after the start, or until it is stopped.</summary>
    public static async Task WaitAsync(TimeSpan due, long started, TimeProvider clock, CancellationToken stop)
    {
        // The clock is read once an iteration: a second read could be past the due time, and the delay negative.
        while (due - clock.GetElapsedTime(started) is var left && left > TimeSpan.Zero && !stop.IsCancellationRequested)
        {
            var delay = TimeSpan.FromTicks(Math.Clamp(left.Ticks, ShortestDelay.Ticks, LongestDelay.Ticks));
            await Task.Delay(delay, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task StepAsync(DemoShop shop, SemaphoreSlim slots)
    {
        try
        {
            await shop.StepAsync();
        }
        finally
        {
            slots.Release();
        }
    }
}
