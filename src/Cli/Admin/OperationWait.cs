using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Cli.Invocation;
using Monolith.Cli.Output;

namespace Monolith.Cli.Admin;

/// <summary>Waits for an operation, shows its progress, and returns its outcome as exit code.</summary>
internal static class OperationWait
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits for the end of the operation, unless detached.</summary>
    public static async Task<int> FinishAsync(
        AdminCall call, AdminResponse<Operation> accepted, CancellationToken stop, bool detached = false)
    {
        if (detached)
            return await ShowAsync(call.Output, accepted);
        try
        {
            var ended = await call.Output.WaitAsync(progress => EndAsync(call.Client, accepted, progress, stop));
            return await ShowAsync(call.Output, ended);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await call.Output.ShowAsync(accepted.Document, []);
            throw new CommandFailedException(OperationText.StillRunning(accepted.Value));
        }
    }

    private static async Task<int> ShowAsync(IOutput output, AdminResponse<Operation> response)
    {
        var operation = response.Value;
        var result = operation is { Kind: "verify", Result: { } document } ? document.Deserialize(ProjectionsJson.Web.VerifyResult) : null;
        await output.ShowAsync(response.Document, OperationText.Blocks(operation, result));
        var failed = operation.State is OperationState.Failed or OperationState.Refused || result is { Matches: false };
        return failed ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<AdminResponse<Operation>> EndAsync(
        AdminClient client, AdminResponse<Operation> accepted, IProgress<ProgressStep> progress, CancellationToken stop)
    {
        var current = accepted;
        using var timer = new PeriodicTimer(PollInterval);
        while (current.Value.State == OperationState.Running)
        {
            var report = await HostRetry.RunAsync(() => client.ProjectionAsync(accepted.Value.Projection, stop), stop);
            var generation = report.Value.Generations.FirstOrDefault(generation => generation.Number == current.Value.Generation);
            progress.Report(OperationText.StepOf(current.Value, generation));
            // A rebuild that is promoted manually stays in this state until an operator promotes it.
            var isReady = current.Value.Kind == "rebuild" && generation is { State: GenerationState.Ready, Promote: Promotion.Manual };
            if (!isReady)
                await timer.WaitForNextTickAsync(stop);
            current = await HostRetry.RunAsync(() => client.OperationAsync(accepted.Value.Id, stop), stop);
            if (isReady)
                break;
        }

        return current;
    }
}
