using System.CommandLine;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Projections;

/// <summary><c>./run projections …</c>: where they stand, and what an operator does to them.</summary>
internal static class ProjectionsCommand
{
    public static Command Create() => new("projections", "what projections are, and what an operator does to them")
    {
        AdminVerb.Create("list", "all projections", [], async (_, call, stop) =>
        {
            var answer = await call.Client.ProjectionsAsync(stop);
            await call.Output.ShowAsync(answer.Document, ProjectionText.List(answer.Value.Items));
            return ExitCode.Done;
        }),
        Show(),
        Rebuild(),
        OnGeneration("promote", "makes a generation the live one", (client, name, number, stop) => client.AskAsync(name, number, "promote", stop)),
        OnGeneration("cancel", "ends a build", (client, name, number, stop) => client.AskAsync(name, number, "cancel", stop)),
        OnGeneration("drop", "drops a retired generation or a snapshot", (client, name, number, stop) => client.DropAsync(name, number, stop)),
        Plain("rollback", "promotes the generation that was live before"),
        Plain("pause", "stops applying events until resumed"),
        Plain("resume", "goes on after a pause"),
        Plain("verify", "makes the rows again by replay and compares; 1 where anything differs"),
    };

    private static Command Show()
    {
        var name = AdminVerb.Projection();
        var partitions = new Option<bool>("--partitions") { Description = "each partition too" };
        return AdminVerb.Create("show", "one projection with its generations", [name, partitions], async (parsed, call, stop) =>
        {
            var answer = await call.Client.ProjectionAsync(parsed.GetRequiredValue(name), stop);
            await call.Output.ShowAsync(answer.Document, ProjectionText.One(answer.Value, parsed.GetValue(partitions)));
            return ExitCode.Done;
        });
    }

    private static Command Rebuild()
    {
        var name = AdminVerb.Projection();
        var promote = new Option<string?>("--promote") { Description = "auto (unless said) or manual", HelpName = "auto|manual" };
        promote.AcceptOnlyFromAmong("auto", "manual");
        var until = AdminVerb.Time("--until", "with --snapshot: only events up to that time");
        var snapshot = new Option<string?>("--snapshot") { Description = "with --until: the name of a snapshot, which is never promoted", HelpName = "NAME" };
        var detach = Detach();
        var command = AdminVerb.Create("rebuild", "builds a new generation from offset 0 while the live one serves", [name, promote, until, snapshot, detach], async (parsed, call, stop) =>
        {
            var body = new RebuildBody(parsed.GetValue(promote), parsed.GetValue(until), parsed.GetValue(snapshot));
            return await EndAsync(call, await call.Client.RebuildAsync(parsed.GetRequiredValue(name), body, stop), parsed.GetValue(detach), stop);
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(until) is null != result.GetResult(snapshot) is null)
                result.AddError("--until and --snapshot go together.");
        });
        return command;
    }

    private static Command OnGeneration(string verb, string description, Func<AdminClient, string, int, CancellationToken, Task<AdminResponse<Operation>>> ask)
    {
        var (name, number, detach) = (AdminVerb.Projection(), AdminVerb.Generation(), Detach());
        return AdminVerb.Create(verb, description, [name, number, detach], async (parsed, call, stop) =>
            await EndAsync(call, await ask(call.Client, parsed.GetRequiredValue(name), parsed.GetValue(number), stop), parsed.GetValue(detach), stop));
    }

    private static Command Plain(string verb, string description)
    {
        var (name, detach) = (AdminVerb.Projection(), Detach());
        return AdminVerb.Create(verb, description, [name, detach], async (parsed, call, stop) =>
            await EndAsync(call, await call.Client.AskAsync(parsed.GetRequiredValue(name), verb, stop), parsed.GetValue(detach), stop));
    }

    private static Option<bool> Detach() => new("--detach") { Description = "does not wait for the end" };

    private static Task<int> EndAsync(AdminCall call, AdminResponse<Operation> asked, bool detached, CancellationToken stop) =>
        detached ? OperationWait.ShowAsync(call.Output, asked) : OperationWait.FinishAsync(call, asked, stop);
}
