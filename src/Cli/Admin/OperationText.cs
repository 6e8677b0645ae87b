using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;

namespace Monolith.Cli.Admin;

/// <summary>Operations as text.</summary>
internal static class OperationText
{
    public static ProgressStep StepOf(Operation operation, GenerationReport? generation)
    {
        var what = $"{operation.Kind} of {operation.Projection}";
        if (generation is null)
            return new ProgressStep($"{what}: {operation.Detail ?? "running"}", null, operation.Detail ?? "");

        var state = Word(generation.State);
        var fraction = generation.Total == 0 ? 1 : Math.Min(1, (double)generation.Applied / generation.Total);
        var text = $"{what}: {Format.Generation(generation.Number)} {state}, "
            + $"{Format.Count(generation.Applied)} of {Format.Count(generation.Total)} events ({Format.Percent(fraction)})"
            + RowsOf(generation, fraction)
            + $", {Format.Rate(generation.RatePerSecond)}, {Format.Duration(generation.EtaSeconds)} left"
            + (generation is { State: GenerationState.Building, Reason: { } reason } ? $"; it waits: {reason}" : "");
        return new ProgressStep(text, fraction, $"{state} {Format.Percent(fraction)}");
    }

    public static IEnumerable<Block> Blocks(Operation operation, VerifyResult? verified)
    {
        var generation = operation.Generation is null ? "" : $" ({Format.Generation(operation.Generation)})";
        var detail = operation.Detail is null ? "" : $": {operation.Detail}";
        yield return new Block.Line($"{operation.Kind} of {operation.Projection}{generation} is {Word(operation.State)}{detail}");
        if (operation.State == OperationState.Running)
            yield return new Block.Line($"Operation {operation.Id}; {ProgressHint(operation)}.");
        if (verified is null)
            yield break;

        var differing = $"{(verified.MoreDiffer ? "at least " : "")}{Format.Count(verified.DifferingRows)}";
        yield return new Block.Line(
            $"{Format.Of(verified.Rows, "row")} compared, {differing} differ; row hash {Format.Text(verified.RowHash)}");
        if (verified.Differences.Count > 0)
        {
            yield return Block.List(
                verified.Differences,
                "",
                ("KEY", row => row.Key),
                ("LIVE", row => Json(row.Live)),
                ("REPLAYED", row => Json(row.Replayed)));
        }

        foreach (var fault in verified.LogFaults)
            yield return new Block.Line(fault);
    }

    /// <summary>The message of a verb that was stopped before its operation ended.</summary>
    public static string StillRunning(Operation operation) =>
        $"Stopped waiting: the {operation.Kind} of {operation.Projection} goes on as operation {operation.Id}; {ProgressHint(operation)}.";

    public static string Word(GenerationState state) => state.ToString().ToLowerInvariant();

    private static string Word(OperationState state) => state.ToString().ToLowerInvariant();

    // All events are folded, and the rows are being written to the store.
    private static string RowsOf(GenerationReport generation, double fraction)
    {
        if (fraction < 1 || generation.RowsLeft is not > 0)
            return "";
        var written = generation.RowsWritten ?? 0;
        return $", {Format.Count(written)} of {Format.Count(written + generation.RowsLeft)} rows written";
    }

    private static string ProgressHint(Operation operation) =>
        $"{SharedOptions.CommandName} projections show {operation.Projection} shows its progress";

    private static string Json(JsonElement? row) => row is { } there ? there.GetRawText() : "no row";
}
