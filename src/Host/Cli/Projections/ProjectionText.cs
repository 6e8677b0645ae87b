using System.Globalization;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.Host.Cli.Admin;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Projections;

/// <summary>Projections as tables.</summary>
internal static class ProjectionText
{
    public static IEnumerable<Block> List(IReadOnlyList<ProjectionReport> reports) =>
    [
        Block.List(
            reports,
            "This host has no projections.",
            ("PROJECTION", report => report.Name),
            ("MODULE", report => report.Module),
            ("STORE", report => report.Store),
            ("LIVE", report => Figures.Generation(report.Live)),
            ("STATE", State),
            ("LAG", report => Figures.Count(report.Generations.FirstOrDefault(generation => generation.Number == report.Live)?.LagEvents)),
            ("DEAD LETTERS", report => Figures.Count(report.DeadLetters))),
    ];

    public static IEnumerable<Block> One(ProjectionReport report, bool withPartitions)
    {
        yield return new Block.Line($"{report.Name} of {report.Module} in {report.Store}, version {report.Version}: {State(report)}, {Figures.Of(report.DeadLetters, "dead letter")}");
        foreach (var note in report.Notes)
            yield return new Block.Line(note);
        yield return Block.List(
            report.Generations,
            "It has no generations yet.",
            ("GENERATION", generation => Figures.Generation(generation.Number)),
            ("STATE", generation => OperationText.Word(generation.State)),
            ("VERSION", generation => generation.Version.ToString(CultureInfo.InvariantCulture)),
            ("APPLIED", generation => $"{Figures.Count(generation.Applied)} of {Figures.Count(generation.Total)}"),
            ("RATE", generation => Figures.Rate(generation.RatePerSecond)),
            ("ETA", generation => Figures.Duration(generation.EtaSeconds)),
            ("LAG", generation => Figures.Count(generation.LagEvents)),
            ("BEHIND", generation => Figures.Age(generation.LagSeconds)),
            ("DEAD LETTERS", generation => Figures.Count(generation.DeadLetters)),
            ("STARTED", generation => Figures.Time(generation.StartedAt)),
            ("ROW HASH", generation => Figures.Text(generation.RowHash)),
            ("ABOUT", About));
        foreach (var generation in report.Generations.Where(generation => withPartitions && generation.Partitions.Count > 0))
        {
            yield return new Block.Line($"{Figures.Generation(generation.Number)} by partition:");
            yield return Partitions(generation.Partitions);
        }
    }

    private static Block Partitions(IReadOnlyList<PartitionReport> partitions) => Block.List(
        partitions,
        "It has none.",
        ("PARTITION", partition => string.Create(CultureInfo.InvariantCulture, $"{partition.Log}[{partition.Partition}]")),
        ("APPLIED", partition => $"{Figures.Count(partition.Applied)} of {Figures.Count(partition.Total)}"),
        ("RATE", partition => Figures.Rate(partition.RatePerSecond)),
        ("ETA", partition => Figures.Duration(partition.EtaSeconds)),
        ("LAG", partition => Figures.Count(partition.LagEvents)),
        ("BEHIND", partition => Figures.Age(partition.LagSeconds)),
        ("PROBLEM", partition => partition.Problem ?? ""));

    private static string State(ProjectionReport report)
    {
        var building = report.Generations.LastOrDefault(generation => generation.State is GenerationState.Building or GenerationState.Ready);
        var own = report.Paused ? "paused" : report.Live is null ? "not built yet" : "live";
        return building is null ? own : $"{own}, {Figures.Generation(building.Number)} {OperationText.Word(building.State)}";
    }

    private static string About(GenerationReport generation) =>
        generation.Snapshot is { } name ? $"{name}, as of {Figures.Time(generation.Until)}" : generation.Reason ?? "";
}
