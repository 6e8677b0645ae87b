namespace Monolith.Host.Cli.Demo;

/// <summary>Lets the shop's requests begin at a steady rate, however long each takes, up to a bound on those under way.</summary>
internal static class DemoPace
{
    private const int MostUnderWay = 128;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    // A timer has a longest time, which a rate need not know.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(double rate, DemoLimits limits, DemoShop shop, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Duration);
        using var slots = new SemaphoreSlim(MostUnderWay);
        var started = TimeProvider.System.GetTimestamp();

        for (var begun = 0L; !shop.IsDone && !deadline.IsCancellationRequested; begun++)
        {
            await WaitAsync(TimeSpan.FromSeconds(Math.Min(begun / rate, int.MaxValue)), started, TimeProvider.System, deadline.Token);
            if (deadline.IsCancellationRequested)
                break;
            await slots.WaitAsync(CancellationToken.None);
            _ = StepAsync(shop, slots);
        }

        // The last ones are answered before the totals are counted.
        for (var slot = 0; slot < MostUnderWay; slot++)
            await slots.WaitAsync(CancellationToken.None);
    }

    /// <summary>Waits until so long after the start.</summary>
    public static async Task WaitAsync(TimeSpan due, long started, TimeProvider clock, CancellationToken stop)
    {
        // One look at the clock for each wait: between two of them it may pass what is due.
        while (due - clock.GetElapsedTime(started) is var ahead && ahead > TimeSpan.Zero && !stop.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(ahead.Ticks, Tick.Ticks, LongestWait.Ticks)), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
