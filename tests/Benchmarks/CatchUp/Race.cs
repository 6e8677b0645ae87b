using Monolith.Benchmarks.Reporting;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>The host against a hand-written loop over the same events, in turns.</summary>
internal sealed class Race(string name, int events, double goal, Func<CancellationToken, Task<double>> host, Func<CancellationToken, Task<double>> loop)
{
    private readonly List<double> hostSeconds = [];
    private readonly List<double> loopSeconds = [];

    public async Task RunRoundAsync(Shape shape, CancellationToken cancellation)
    {
        hostSeconds.Add(await host(cancellation));
        Progress.Say($"catch-up, {shape}, {name}: host {Cells.Count(events / hostSeconds[^1])} events/s");
        loopSeconds.Add(await loop(cancellation));
        Progress.Say($"catch-up, {shape}, {name}: loop {Cells.Count(events / loopSeconds[^1])} events/s");
    }

    public void AddTo(ResultTable table, Shape shape)
    {
        var (ours, theirs) = (events / Samples.Median(hostSeconds), events / Samples.Median(loopSeconds));
        table.Add($"{name}, {shape}", Cells.Count(ours), Cells.Count(theirs), Cells.Ratio(ours, theirs), double.IsNaN(goal) ? Cells.None : Cells.AtLeast(goal, ours));
    }
}
