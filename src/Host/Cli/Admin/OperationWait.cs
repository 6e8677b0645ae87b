using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Host.Cli.Output;

namespace Monolith.Host.Cli.Admin;

/// <summary>Waits for an operation, shows how far it is, and says with the exit code what became of it.</summary>
internal static class OperationWait
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public static async Task<int> FinishAsync(AdminCall call, AdminResponse<Operation> asked, CancellationToken stop)
    {
        try
        {
            var ended = await call.Output.WaitAsync(progress => EndAsync(call.Client, asked, progress, stop));
            return await ShowAsync(call.Output, ended);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await call.Output.ShowAsync(asked.Document, []);
            throw new CommandFailedException(OperationText.Left(asked.Value));
        }
    }

    /// <summary>Shows an operation as it stands.</summary>
    public static async Task<int> ShowAsync(IOutput output, AdminResponse<Operation> answer)
    {
        var operation = answer.Value;
        var found = operation is { Kind: "verify", Result: { } result } ? result.Deserialize(ProjectionsJson.Web.VerifyResult) : null;
        await output.ShowAsync(answer.Document, OperationText.Blocks(operation, found));
        return operation.State is OperationState.Failed or OperationState.Refused || found is { Matches: false } ? ExitCode.Failed : ExitCode.Done;
    }

    private static async Task<AdminResponse<Operation>> EndAsync(AdminClient client, AdminResponse<Operation> asked, IProgress<Step> progress, CancellationToken stop)
    {
        var answer = asked;
        using var pause = new PeriodicTimer(Poll);
        while (answer.Value.State == OperationState.Running)
        {
            var report = await HostWaitTimeout.AskAsync(() => client.ProjectionAsync(asked.Value.Projection, stop), stop);
            var generation = report.Value.Generations.FirstOrDefault(generation => generation.Number == answer.Value.Generation);
            progress.Report(OperationText.StepOf(answer.Value, generation));
            // It goes no further until somebody promotes it, and the operation says so.
            var waits = answer.Value.Kind == "rebuild" && generation is { State: GenerationState.Ready, Promote: Promotion.Manual };
            if (!waits)
                await pause.WaitForNextTickAsync(stop);
            answer = await HostWaitTimeout.AskAsync(() => client.OperationAsync(asked.Value.Id, stop), stop);
            if (waits)
                break;
        }

        return answer;
    }
}
