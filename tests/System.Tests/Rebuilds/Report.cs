namespace Monolith.System.Tests.Rebuilds;

/// <summary>The state of a projection, as the admin API reports it.</summary>
internal sealed record Report(string Name, int? Live, bool Paused, IReadOnlyList<Report.Generation> Generations, long DeadLetters)
{
    /// <summary>The generations that are building or ready.</summary>
    public IEnumerable<Generation> UnderWay => Generations.Where(generation => generation.State is "building" or "ready");

    /// <summary>The generations that were live earlier.</summary>
    public IEnumerable<Generation> Retired => Generations.Where(generation => generation.State == "retired");

    public Generation Of(int number) => Generations.Single(generation => generation.Number == number);

    public override string ToString() =>
        $"{Name}: {string.Join(", ", Generations.Select(g => $"g{g.Number} {g.State} {g.Applied}/{g.Total} {g.Reason}"))}";

    internal sealed record Generation(
        int Number, string State, long Applied, long Total, long? LagEvents, long DeadLetters, string? Snapshot, string? RowHash,
        string? Reason, DateTimeOffset StartedAt, IReadOnlyList<Partition> Partitions);

    internal sealed record Partition(string Log, int Number, long Applied, long Total, string? Problem);
}
