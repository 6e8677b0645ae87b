using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Folds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>The base of tests of versions, with a newer version of the counters.</summary>
public abstract class VersionedContract(StoreUnderTest store) : GenerationContract(store)
{
    protected static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    protected Task<RunningProjection<LargestRow>> StartNewerAsync(VersionGate? gate) =>
        StartAsync(new LargestCounters(gate), new() { Version = 2 });

    protected async Task<IEnumerable<long?>> LargestAsync() => (await Store.SeenAsync<LargestRow>()).Select(row => row.Largest);

    public sealed record LargestRow(Guid CounterId, long Total, int Events, string? Name, long? Largest);

    /// <summary>Blocks the fold of the newer version.</summary>
    protected sealed class VersionGate : IDisposable
    {
        private readonly Gate gate = new(500);

        public Task Reached => gate.Reached;

        public void Pass(Event happened) => gate.Fold.Before(happened);

        public void LetOthersPass() => gate.LetOthersPass();

        public void Open() => gate.Open();

        public void Dispose() => gate.Dispose();
    }

    // Version 2 adds the largest number that a counter was counted by.
    private sealed class LargestCounters : KeyedProjection<Guid, LargestRow>
    {
        private readonly CounterProjection fold = new();
        private readonly VersionGate? gate;

        public LargestCounters(VersionGate? gate)
        {
            this.gate = gate;
            On<Counted>(e => e.CounterId, (_, row, e) => Fold(e, row));
            On<Named>(e => e.CounterId, (_, row, e) => Fold(e, row));
            On<Removed>(e => e.CounterId, (_, row, e) => Fold(e, row));
        }

        private LargestRow? Fold(Event e, LargestRow? row)
        {
            gate?.Pass(e);
            var before = row is null ? null : new CounterRow(row.CounterId, row.Total, row.Events, row.Name);
            var largest = e.Data is Counted { By: var by } && (row?.Largest ?? 0) < by ? by : row?.Largest;
            return fold.Apply(before, e) is { } after
                ? new LargestRow(after.CounterId, after.Total, after.Events, after.Name, largest)
                : null;
        }
    }
}
