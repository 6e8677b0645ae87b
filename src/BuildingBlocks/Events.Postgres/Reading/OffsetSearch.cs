using Monolith.BuildingBlocks.Events.Logs;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>
/// Finds the offsets of a time in a log, by binary search in all partitions at once. Commits are only nearly in the order of time: a caller
/// that must not miss events searches for an earlier time.
/// </summary>
internal sealed class OffsetSearch(PostgresLogReader reader)
{
    /// <summary>By partition: the first offset whose event happened at or after a time; the head if there is none.</summary>
    public async Task<IReadOnlyList<long>> SinceAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        long[] high = [.. await reader.HeadsAsync(cancellation)];
        var low = new long[high.Length];
        while (true)
        {
            PartitionOffset[] middles =
            [
                .. Enumerable.Range(0, low.Length)
                    .Where(partition => low[partition] < high[partition])
                    .Select(partition => new PartitionOffset(partition, (low[partition] + high[partition]) / 2)),
            ];
            if (middles.Length == 0)
                return low;
            var times = await reader.TimesAsync(middles, cancellation);
            foreach (var (partition, middle) in middles)
            {
                if (times[partition] < since)
                    low[partition] = middle + 1;
                else
                    high[partition] = middle;
            }
        }
    }
}
