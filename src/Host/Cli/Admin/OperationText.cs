using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Admin;

/// <summary>Operations in words.</summary>
internal static class OperationText
{
    public static Step StepOf(Operation operation, GenerationReport? generation)
    {
        var what = $"{operation.Kind} of {operation.Projection}";
        if (generation is null)
            return new Step($"{what}: {operation.Detail ?? "under way"}", null, operation.Detail ?? "");

        var state = Word(generation.State);
        var share = generation.Total == 0 ? 1 : Math.Min(1, (double)generation.Applied / generation.Total);
        // All events are folded, and the rows are on their way into the store.
        var rows = share >= 1 && generation.RowsLeft is > 0 and var left ? $", {Figures.Count(generation.RowsWritten ?? 0)} of {Figures.Count((generation.RowsWritten ?? 0) + left)} rows written" : "";
        var text = $"{what}: {Figures.Generation(generation.Number)} {state}, {Figures.Count(generation.Applied)} of {Figures.Count(generation.Total)} events ({Figures.Percent(share)}){rows}, "
            + $"{Figures.Rate(generation.RatePerSecond)}, {Figures.Duration(generation.EtaSeconds)} left"
            + (generation is { State: GenerationState.Building, Reason: { } reason } ? $"; it waits: {reason}" : "");
        return new Step(text, share, $"{state} {Figures.Percent(share)}");
    }

    public static IEnumerable<Block> Blocks(Operation operation, VerifyResult? found)
    {
        var about = operation.Generation is null ? "" : $" ({Figures.Generation(operation.Generation)})";
        var detail = operation.Detail is null ? "" : $": {operation.Detail}";
        yield return new Block.Line($"{operation.Kind} of {operation.Projection}{about} is {Word(operation.State)}{detail}");
        if (operation.State == OperationState.Running)
            yield return new Block.Line($"Operation {operation.Id}; ./run projections show {operation.Projection} says how far it is.");
        if (found is null)
            yield break;

        yield return new Block.Line($"{Figures.Of(found.Rows, "row")} compared, {(found.MoreDiffer ? "at least " : "")}{Figures.Count(found.DifferingRows)} differ; row hash {Figures.Text(found.RowHash)}");
        if (found.Differences.Count > 0)
            yield return Block.List(found.Differences, "", ("KEY", row => row.Key), ("LIVE", row => Json(row.Live)), ("REPLAYED", row => Json(row.Replayed)));
        foreach (var fault in found.LogFaults)
            yield return new Block.Line(fault);
    }

    /// <summary>What a person hears who waits no longer.</summary>
    public static string Left(Operation operation) =>
        $"Not waited for any longer: the {operation.Kind} of {operation.Projection} goes on as operation {operation.Id}; ./run projections show {operation.Projection} says how far it is.";

    public static string Word(GenerationState state) => state.ToString().ToLowerInvariant();

    private static string Word(OperationState state) => state.ToString().ToLowerInvariant();

    private static string Json(JsonElement? row) => row is { } there ? there.GetRawText() : "no row";
}
