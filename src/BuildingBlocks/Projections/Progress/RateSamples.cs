using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>How fast one generation moves, by partition: what it has passed, looked at again and again, as a mean that forgets what is some ten seconds old.</summary>
internal sealed class RateSamples(TimeProvider clock)
{
    private static readonly TimeSpan Smoothing = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500);

    private Dictionary<LogPartition, double> rates = [];
    private IReadOnlyDictionary<LogPartition, long>? before;
    private TimeSpan observed;
    private long at;

    /// <summary>Events a second of each partition; null before there are two samples.</summary>
    public IReadOnlyDictionary<LogPartition, double>? Rates { get; private set; }

    /// <summary>Takes a sample.</summary>
    /// <param name="applied">What is passed, by partition.</param>
    public void Add(IReadOnlyDictionary<LogPartition, long> applied)
    {
        var now = clock.GetTimestamp();
        if (before is not null)
        {
            var elapsed = clock.GetElapsedTime(at, now);
            if (elapsed < Shortest)
                return;
            if (observed == TimeSpan.Zero && applied.All(entry => entry.Value <= before.GetValueOrDefault(entry.Key)))
            {
                // It has not begun yet: the time before the first step says nothing of how fast it moves.
                (Rates, at) = (applied.ToDictionary(entry => entry.Key, _ => 0.0), now);
                return;
            }

            observed += elapsed;
            // Until it has been watched for long enough to forget anything, all samples count the same.
            var weight = Math.Max(elapsed / observed, 1 - Math.Exp(-elapsed / Smoothing));
            rates = applied.ToDictionary(entry => entry.Key, entry =>
            {
                var rate = Math.Max(0, entry.Value - before.GetValueOrDefault(entry.Key)) / elapsed.TotalSeconds;
                return (weight * rate) + ((1 - weight) * rates.GetValueOrDefault(entry.Key));
            });
            Rates = rates;
        }

        (before, at) = (applied, now);
    }

    /// <summary>The seconds that what is left takes at a rate; null where that cannot be told.</summary>
    public static double? Eta(long? left, double? rate) => (left, rate) switch
    {
        (null, _) => null,
        (0, _) => 0,
        (_, > 0) => left / rate,
        _ => null,
    };
}
