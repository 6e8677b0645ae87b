namespace Monolith.Benchmarks;

/// <summary>The size and duration of the benchmarks.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="WarmUp">How long each contestant runs before the first round.</param>
/// <param name="Round">How long a round is.</param>
/// <param name="Rounds">How many rounds each contestant gets, in turns.</param>
/// <param name="Events">How many events are caught up with.</param>
/// <param name="Customers">The numbers of customers that are joined, with as many orders.</param>
/// <param name="Queries">How many orders are queried in a round.</param>
/// <param name="Changes">How many customers are changed in a round.</param>
/// <param name="Replayed">How many events a rebuild replays.</param>
/// <param name="Growth">The sizes of the log that a rebuild is measured with.</param>
/// <param name="OrderLines">How many order lines the reports cover.</param>
internal sealed record Scale(
    string Name,
    TimeSpan WarmUp,
    TimeSpan Round,
    int Rounds,
    int Events,
    IReadOnlyList<int> Customers,
    int Queries,
    int Changes,
    int Replayed,
    IReadOnlyList<int> Growth,
    int OrderLines)
{
    public static Scale Full { get; } = new(
        "full",
        TimeSpan.FromSeconds(16),
        TimeSpan.FromSeconds(8),
        5,
        500_000,
        [100_000, 1_000_000],
        2_000,
        50,
        1_000_000,
        [1_000_000, 3_000_000, 10_000_000],
        5_000_000);

    /// <summary>A smoke test; its figures are not meaningful.</summary>
    public static Scale Quick { get; } = new(
        "quick: a smoke test, its figures say nothing",
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(2),
        2,
        20_000,
        [5_000],
        200,
        10,
        20_000,
        [5_000, 15_000],
        20_000);
}
