using System.Globalization;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.Cli.Admin;
using Monolith.Cli.Output;

namespace Monolith.Cli.Projections;

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
            ("LIVE", report => Format.Generation(report.Live)),
            ("STATE", State),
            ("LAG", report => Format.Count(LiveOf(report)?.LagEvents)),
            ("DEAD LETTERS", report => Format.Count(report.DeadLetters))),
    ];

    public static IEnumerable<Block> One(ProjectionReport report, bool withPartitions)
    {
        yield return new Block.Line(
            $"{report.Name} of {report.Module} in {report.Store}, version {report.Version}: "
            + $"{State(report)}, {Format.Of(report.DeadLetters, "dead letter")}");
        foreach (var note in report.Notes)
            yield return new Block.Line(note);
        yield return Block.List(
            report.Generations,
            "It has no generations yet.",
            ("GENERATION", generation => Format.Generation(generation.Number)),
            ("STATE", generation => OperationText.Word(generation.State)),
            ("VERSION", generation => generation.Version.ToString(CultureInfo.InvariantCulture)),
            ("APPLIED", generation => $"{Format.Count(generation.Applied)} of {Format.Count(generation.Total)}"),
            ("RATE", generation => Format.Rate(generation.RatePerSecond)),
            ("ETA", generation => Format.Duration(generation.EtaSeconds)),
            ("LAG", generation => Format.Count(generation.LagEvents)),
            ("BEHIND", generation => Format.Lag(generation.LagSeconds)),
            ("DEAD LETTERS", generation => Format.Count(generation.DeadLetters)),
            ("STARTED", generation => Format.Time(generation.StartedAt)),
            ("ROW HASH", generation => Format.Text(generation.RowHash)),
            ("ABOUT", About));
        foreach (var generation in report.Generations.Where(generation => withPartitions && generation.Partitions.Count > 0))
        {
            yield return new Block.Line($"{Format.Generation(generation.Number)} by partition:");
            yield return Partitions(generation.Partitions);
        }
    }

    private static Block Partitions(IReadOnlyList<PartitionReport> partitions) => Block.List(
        partitions,
        "It has no partitions.",
        ("PARTITION", partition => string.Create(CultureInfo.InvariantCulture, $"{partition.Log}[{partition.Partition}]")),
        ("APPLIED", partition => $"{Format.Count(partition.Applied)} of {Format.Count(partition.Total)}"),
        ("RATE", partition => Format.Rate(partition.RatePerSecond)),
        ("ETA", partition => Format.Duration(partition.EtaSeconds)),
        ("LAG", partition => Format.Count(partition.LagEvents)),
        ("BEHIND", partition => Format.Lag(partition.LagSeconds)),
        ("PROBLEM", partition => partition.Problem ?? ""));

    private static GenerationReport? LiveOf(ProjectionReport report) =>
        report.Generations.FirstOrDefault(generation => generation.Number == report.Live);

    private static string State(ProjectionReport report)
    {
        var building = report.Generations.LastOrDefault(
            generation => generation.State is GenerationState.Building or GenerationState.Ready);
        var state = report.Paused ? "paused" : report.Live is null ? "not built yet" : "live";
        return building is null ? state : $"{state}, {Format.Generation(building.Number)} {OperationText.Word(building.State)}";
    }

    private static string About(GenerationReport generation) =>
        generation.Snapshot is { } name ? $"{name}, as of {Format.Time(generation.Until)}" : generation.Reason ?? "";
}
