using Monolith.Testing.Processes;

namespace Monolith.System.Tests.Hosting;

/// <summary>Runs CLI verbs as processes against a host.</summary>
internal sealed class CliRunner(Uri host)
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    public static Task<ChildProcess> LaunchAsync(params string[] arguments) =>
        CliProgram.LaunchAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs a verb without a host.</summary>
    public static async Task<VerbRun> RunAloneAsync(params string[] arguments)
    {
        await using var verb = await LaunchAsync(arguments);
        return await EndAsync(verb);
    }

    public static async Task<VerbRun> EndAsync(ChildProcess verb) =>
        new(await verb.ExitAsync(EndsWithin), [.. verb.Output], [.. verb.Errors]);

    /// <summary>Starts a verb on the host.</summary>
    public Task<ChildProcess> StartAsync(string line) => LaunchAsync([.. line.Split(' '), "--url", host.AbsoluteUri]);

    /// <summary>Runs a verb on the host to its end.</summary>
    public async Task<VerbRun> RunAsync(string line)
    {
        await using var verb = await StartAsync(line);
        return await EndAsync(verb);
    }
}
