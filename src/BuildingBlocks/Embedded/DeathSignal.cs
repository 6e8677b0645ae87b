using System.ComponentModel;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Asks Linux to signal a server whose supervisor dies: a second line, for a kill -9 that hits the supervisor too.</summary>
internal static class DeathSignal
{
    private static readonly Lazy<Task<bool>> Available = new(ProbeAsync);

    // To be put right before the server's own command: a later change of user would clear the setting.
    public static async Task<IReadOnlyList<string>> PrefixAsync(string signal, CancellationToken cancellation) =>
        await Available.Value.WaitAsync(cancellation) ? ["setpriv", "--pdeathsig", signal, "--"] : [];

    private static async Task<bool> ProbeAsync()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return (await ShortProgram.RunAsync(["setpriv", "--pdeathsig", "TERM", "--", "true"], CancellationToken.None)).Succeeded;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
