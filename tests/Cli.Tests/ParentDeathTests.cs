using System.Diagnostics;
using System.Globalization;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.Cli.Tests;

/// <summary>Local servers stop when the process that started them ends.</summary>
[Trait("Category", "Module")]
public sealed class ParentDeathTests
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Server_stops_when_its_starter_ends_by_a_signal(string signal)
    {
        using var folder = new TemporaryFolder();
        using var starter = Start(folder.Path);
        var server = await ServerAsync(folder.Path, starter);

        using (var kill = Process.Start("kill", ["-s", signal, starter.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(cancellation);

        await starter.WaitForExitAsync(cancellation);
        await ProcessTable.GoneAsync(server, StopTimeout, cancellation);
        var restarted = await PostgresCluster.StartAsync(new() { DataDirectory = Path.Combine(folder.Path, "postgres") }, cancellation);
        await restarted.DisposeAsync();
    }

    [Fact]
    public async Task Server_stops_when_starter_and_supervisor_are_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux signals a child when its parent dies.");
        using var folder = new TemporaryFolder();
        using var starter = Start(folder.Path);
        var server = await ServerAsync(folder.Path, starter);
        var status = await File.ReadAllLinesAsync($"/proc/{server}/status", cancellation);
        var supervisor = status.Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..].Trim();

        using (var kill = Process.Start("kill", ["-s", "KILL", supervisor, starter.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(cancellation);

        await ProcessTable.GoneAsync(server, StopTimeout, cancellation);
    }

    private static Process Start(string folder)
    {
        string[] arguments = [CliProgram.File, "services", "--data", folder];
        return Process.Start(new ProcessStartInfo(ChildProcess.Dotnet, arguments) { RedirectStandardOutput = true })!;
    }

    private async Task<int> ServerAsync(string folder, Process starter)
    {
        while (await starter.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith("ready:", StringComparison.Ordinal))
                continue;
            var id = await File.ReadAllTextAsync(Path.Combine(folder, "postgres", "server.pid"), cancellation);
            return int.Parse(id, CultureInfo.InvariantCulture);
        }

        throw new InvalidOperationException("The starter ended before it was ready.");
    }
}
