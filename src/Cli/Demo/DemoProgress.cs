using System.Diagnostics;
using System.Globalization;

namespace Monolith.Cli.Demo;

/// <summary>Counts the outcomes of a demo. It is thread-safe.</summary>
internal sealed class DemoProgress
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly List<double> milliseconds = [];
    private long customers;
    private long orders;
    private long changes;
    private long refused;
    private long retried;
    private long failed;
    private string? firstFailure;

    public void Customer() => Interlocked.Increment(ref customers);

    public void Order() => Interlocked.Increment(ref orders);

    public void Change() => Interlocked.Increment(ref changes);

    /// <summary>A business rule refused the request: an inactive customer, an order in another state.</summary>
    public void Refused() => Interlocked.Increment(ref refused);

    /// <summary>Orders did not know the customer yet.</summary>
    public void Retried() => Interlocked.Increment(ref retried);

    public void Failed(string why)
    {
        Interlocked.Increment(ref failed);
        Interlocked.CompareExchange(ref firstFailure, why, null);
    }

    public void Took(TimeSpan time)
    {
        lock (gate)
            milliseconds.Add(time.TotalMilliseconds);
    }

    public DemoTotals Totals()
    {
        double[] times;
        lock (gate)
            times = [.. milliseconds.Order()];
        return new DemoTotals(
            Math.Round(clock.Elapsed.TotalSeconds, 1), times.Length, Math.Round(times.Length / clock.Elapsed.TotalSeconds, 1),
            customers, orders, changes, refused, retried, failed, Quantile(times, 0.5), Quantile(times, 0.99), firstFailure);
    }

    public async Task PrintEverySecondAsync(CancellationToken end)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await second.WaitForNextTickAsync(end))
                await Console.Out.WriteLineAsync(Totals().Line());
        }
        catch (OperationCanceledException)
        {
            // The totals follow.
        }
    }

    private static double Quantile(double[] sorted, double q) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[(int)(q * (sorted.Length - 1))], 1);
}

/// <summary>The outcomes of a demo so far.</summary>
internal sealed record DemoTotals(
    double Seconds,
    long Requests,
    double RequestsPerSecond,
    long Customers,
    long Orders,
    long Changes,
    long Refused,
    long Retried,
    long Failed,
    double P50Milliseconds,
    double P99Milliseconds,
    string? FirstFailure)
{
    public string Line() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seconds:0.0} s: {Requests} requests ({RequestsPerSecond:0.0}/s), {Customers} customers, {Orders} orders, {Changes} changes, "
        + $"{Refused} refused, {Retried} retried, {Failed} failed, p50 {P50Milliseconds:0.0} ms, p99 {P99Milliseconds:0.0} ms");
}
