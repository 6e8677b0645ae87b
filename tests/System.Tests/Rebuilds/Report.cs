namespace Monolith.System.Tests.Rebuilds;

/// <summary>Where a projection stands, as the admin API tells.</summary>
internal sealed record Report(string Name, int? Live, bool Paused, IReadOnlyList<Report.Generation> Generations, long DeadLetters)
{
    /// <summary>Those that are on their way.</summary>
    public IEnumerable<Generation> UnderWay => Generations.Where(generation => generation.State is "building" or "ready");

    /// <summary>Those that were live once.</summary>
    public IEnumerable<Generation> Retired => Generations.Where(generation => generation.State == "retired");

    public Generation Of(int number) => Generations.Single(generation => generation.Number == number);

    public override string ToString() =>
        $"{Name}: {string.Join(", ", Generations.Select(g => $"g{g.Number} {g.State} {g.Applied}/{g.Total} {g.Reason}"))}";

    internal sealed record Generation(
        int Number, string State, long Applied, long Total, long? LagEvents, long DeadLetters, string? Snapshot, string? RowHash,
        string? Reason, DateTimeOffset StartedAt, IReadOnlyList<Partition> Partitions);

    internal sealed record Partition(string Log, int Number, long Applied, long Total, string? Problem);
}
