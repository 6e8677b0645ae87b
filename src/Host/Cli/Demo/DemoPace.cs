using System.Diagnostics;

namespace Monolith.Host.Cli.Demo;

/// <summary>Lets the shop's requests begin at a steady rate, however long each takes, up to a bound on those under way.</summary>
internal static class DemoPace
{
    private const int MostUnderWay = 128;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public static async Task RunAsync(double rate, DemoLimits limits, DemoShop shop, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(limits.Duration);
        using var slots = new SemaphoreSlim(MostUnderWay);
        var started = Stopwatch.StartNew();

        for (var begun = 0L; !shop.IsDone && !deadline.IsCancellationRequested; begun++)
        {
            var due = TimeSpan.FromSeconds(begun / rate);
            while (started.Elapsed < due && !deadline.IsCancellationRequested)
                await Task.Delay(due - started.Elapsed > Tick ? due - started.Elapsed : Tick, deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (deadline.IsCancellationRequested)
                break;
            await slots.WaitAsync(CancellationToken.None);
            _ = StepAsync(shop, slots);
        }

        // The last ones are answered before the totals are counted.
        for (var slot = 0; slot < MostUnderWay; slot++)
            await slots.WaitAsync(CancellationToken.None);
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
