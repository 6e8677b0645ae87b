using System.Diagnostics;
using System.Globalization;
using Monolith.BuildingBlocks.LocalServers;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.LocalServers.Tests;

/// <summary>Servers do not outlive the process that started them, however it ends.</summary>
[Trait("Category", "Module")]
public sealed class ParentDeathTests
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task The_server_stops_when_its_starter_gets_a_signal(string signal)
    {
        using var folder = new TemporaryFolder();
        using var starter = await StartAsync(folder.Path);
        var server = await ServerAsync(folder.Path, starter);

        using (var kill = Process.Start("kill", ["-s", signal, starter.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(cancellation);

        await starter.WaitForExitAsync(cancellation);
        await ProcessTable.GoneAsync(server, StopTimeout);
        await (await PostgresCluster.StartAsync(new() { DataDirectory = Path.Combine(folder.Path, "postgres") }, cancellation)).DisposeAsync();
    }

    [Fact]
    public async Task The_server_stops_when_starter_and_supervisor_are_killed_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux signals a child whose parent dies.");
        using var folder = new TemporaryFolder();
        using var starter = await StartAsync(folder.Path);
        var server = await ServerAsync(folder.Path, starter);
        var status = await File.ReadAllLinesAsync($"/proc/{server}/status", cancellation);
        var supervisor = status.Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))["PPid:".Length..].Trim();

        using (var kill = Process.Start("kill", ["-s", "KILL", supervisor, starter.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(cancellation);

        await ProcessTable.GoneAsync(server, StopTimeout);
    }

    // The host's own verb: what people start.
    private static Task<Process> StartAsync(string folder)
    {
        var start = new ProcessStartInfo("dotnet", [HostProgram.File, "services", "--data", folder]) { RedirectStandardOutput = true };
        return Task.FromResult(Process.Start(start)!);
    }

    private async Task<int> ServerAsync(string folder, Process starter)
    {
        while (await starter.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("ready:", StringComparison.Ordinal))
                return int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "postgres", "server.pid"), cancellation), CultureInfo.InvariantCulture);
        }
        throw new InvalidOperationException("The starter ended before it was ready.");
    }
}
