using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>The host against a hand-written loop over the same events, in turns.</summary>
internal sealed class Race(
    string name, int events, double goal, Func<CancellationToken, Task<ReplayCost>> host, Func<CancellationToken, Task<ReplayCost>> loop)
{
    private readonly List<ReplayCost> ours = [];
    private readonly List<ReplayCost> theirs = [];

    public async Task RunRoundAsync(Shape shape, CancellationToken cancellation)
    {
        ours.Add(await host(cancellation));
        theirs.Add(await loop(cancellation));
        Progress.Say(
            $"catch-up, {shape}, {name}: host {Cells.Count(events / ours[^1].Seconds)} events/s, loop "
                + $"{Cells.Count(events / theirs[^1].Seconds)} events/s");
    }

    public void AddTo(ResultTable table, Shape shape)
    {
        var (host, loop) = (events / Median(ours, cost => cost.Seconds), events / Median(theirs, cost => cost.Seconds));
        table.Add(
            $"{name}, {shape}",
            Cells.Count(host),
            Cells.Count(loop),
            Cells.Ratio(host, loop),
            Cells.Microseconds(Median(ours, cost => cost.ReaderCpu) / events),
            Cells.Microseconds(Median(ours, cost => cost.PostgresCpu ?? 0) / events),
            Cells.Microseconds(Median(theirs, cost => cost.ReaderCpu) / events),
            double.IsNaN(goal) ? Cells.None : Cells.AtLeast(goal, host));
    }

    private static double Median(IEnumerable<ReplayCost> costs, Func<ReplayCost, double> figure) => Samples.Median(costs.Select(figure));
}
