using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>The rate of one generation by partition, as an exponential moving average over about ten seconds.</summary>
internal sealed class RateSamples(TimeProvider clock)
{
    private static readonly TimeSpan TimeConstant = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(500);

    private Dictionary<LogPartition, double> rates = [];
    private IReadOnlyDictionary<LogPartition, long>? before;
    private TimeSpan observed;
    private long at;

    /// <summary>Events a second of each partition; null before there are two samples.</summary>
    public IReadOnlyDictionary<LogPartition, double>? Rates { get; private set; }

    /// <summary>Adds a sample: the next offset of each partition.</summary>
    public void Add(IReadOnlyDictionary<LogPartition, long> applied)
    {
        var now = clock.GetTimestamp();
        if (before is not null)
        {
            var elapsed = clock.GetElapsedTime(at, now);
            if (elapsed < MinInterval)
                return;
            if (observed == TimeSpan.Zero && applied.All(entry => entry.Value <= before.GetValueOrDefault(entry.Key)))
            {
                // The time before the first step does not count.
                (Rates, at) = (applied.ToDictionary(entry => entry.Key, _ => 0.0), now);
                return;
            }

            observed += elapsed;
            // In the first seconds all samples have the same weight.
            var weight = Math.Max(elapsed / observed, 1 - Math.Exp(-elapsed / TimeConstant));
            rates = applied.ToDictionary(entry => entry.Key, entry =>
            {
                var rate = Math.Max(0, entry.Value - before.GetValueOrDefault(entry.Key)) / elapsed.TotalSeconds;
                return (weight * rate) + ((1 - weight) * rates.GetValueOrDefault(entry.Key));
            });
            Rates = rates;
        }

        (before, at) = (applied, now);
    }

    /// <summary>The seconds that the remaining events take at a rate; null while unknown.</summary>
    public static double? Eta(long? remaining, double? rate) => (remaining, rate) switch
    {
        (null, _) => null,
        (0, _) => 0,
        (_, > 0) => remaining / rate,
        _ => null,
    };
}
