using System.CommandLine;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Cli.Admin;
using Monolith.Cli.Invocation;

namespace Monolith.Cli.Projections;

/// <summary>Shows and operates projections.</summary>
internal static class ProjectionsCommand
{
    public static Command Create() => new("projections", "shows and operates projections")
    {
        List(),
        Show(),
        Rebuild(),
        OnGeneration(
            "promote", "makes a generation live", (client, name, number, stop) => client.OperateAsync(name, number, "promote", stop)),
        OnGeneration("cancel", "cancels a rebuild", (client, name, number, stop) => client.OperateAsync(name, number, "cancel", stop)),
        OnGeneration(
            "drop", "drops a retired generation or a snapshot", (client, name, number, stop) => client.DropAsync(name, number, stop)),
        OnProjection("rollback", "promotes the generation that was live before"),
        OnProjection("pause", "stops applying events until it is resumed"),
        OnProjection("resume", "resumes applying events"),
        OnProjection("verify", "compares the rows with a replay; exits with 1 if any row differs"),
    };

    private static Command List() => AdminVerb.Create("list", "all projections", [], async (_, call, stop) =>
    {
        var response = await call.Client.ProjectionsAsync(stop);
        await call.Output.ShowAsync(response.Document, ProjectionText.List(response.Value.Items));
        return ExitCode.Success;
    });

    private static Command Show()
    {
        var name = AdminVerb.Projection();
        var partitions = new Option<bool>("--partitions") { Description = "also shows each partition" };
        return AdminVerb.Create("show", "one projection with its generations", [name, partitions], async (parsed, call, stop) =>
        {
            var response = await call.Client.ProjectionAsync(parsed.GetRequiredValue(name), stop);
            await call.Output.ShowAsync(response.Document, ProjectionText.One(response.Value, parsed.GetValue(partitions)));
            return ExitCode.Success;
        });
    }

    private static Command Rebuild()
    {
        var name = AdminVerb.Projection();
        var promote = new Option<string?>("--promote") { Description = "auto (the default) or manual", HelpName = "auto|manual" };
        promote.AcceptOnlyFromAmong("auto", "manual");
        var until = AdminVerb.Time("--until", "with --snapshot: only events up to that time");
        var snapshot = new Option<string?>("--snapshot")
        {
            Description = "with --until: the name of a snapshot, which is never promoted",
            HelpName = "NAME",
        };
        var detach = SharedOptions.Detach();
        IEnumerable<Symbol> symbols = [name, promote, until, snapshot, detach];
        const string Description = "builds a new generation from offset 0 while the live one serves";
        var command = AdminVerb.Create("rebuild", Description, symbols, async (parsed, call, stop) =>
        {
            var body = new RebuildBody(parsed.GetValue(promote), parsed.GetValue(until), parsed.GetValue(snapshot));
            var operation = await call.Client.RebuildAsync(parsed.GetRequiredValue(name), body, stop);
            return await OperationWait.FinishAsync(call, operation, stop, parsed.GetValue(detach));
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(until) is null != result.GetResult(snapshot) is null)
                result.AddError("--until and --snapshot need each other.");
        });
        return command;
    }

    private static Command OnGeneration(
        string verb, string description, Func<AdminClient, string, int, CancellationToken, Task<AdminResponse<Operation>>> operate)
    {
        var (name, number, detach) = (AdminVerb.Projection(), AdminVerb.Generation(), SharedOptions.Detach());
        return AdminVerb.Create(verb, description, [name, number, detach], async (parsed, call, stop) =>
        {
            var operation = await operate(call.Client, parsed.GetRequiredValue(name), parsed.GetValue(number), stop);
            return await OperationWait.FinishAsync(call, operation, stop, parsed.GetValue(detach));
        });
    }

    private static Command OnProjection(string verb, string description)
    {
        var (name, detach) = (AdminVerb.Projection(), SharedOptions.Detach());
        return AdminVerb.Create(verb, description, [name, detach], async (parsed, call, stop) =>
        {
            var operation = await call.Client.OperateAsync(parsed.GetRequiredValue(name), verb, stop);
            return await OperationWait.FinishAsync(call, operation, stop, parsed.GetValue(detach));
        });
    }
}
