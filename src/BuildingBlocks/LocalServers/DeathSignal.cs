using System.ComponentModel;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>Has Linux signal a server when its supervisor dies, in case the supervisor is killed too.</summary>
internal static class DeathSignal
{
    private static readonly Lazy<Task<bool>> Available = new(ProbeAsync);

    // The prefix must come right before the server's own command: a later change of user clears the setting.
    public static async Task<IReadOnlyList<string>> PrefixAsync(string signal, CancellationToken cancellation) =>
        await Available.Value.WaitAsync(cancellation) ? ["setpriv", "--pdeathsig", signal, "--"] : [];

    private static async Task<bool> ProbeAsync()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return (await ProcessResult.RunAsync(["setpriv", "--pdeathsig", "TERM", "--", "true"], CancellationToken.None)).Succeeded;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
