using System.Diagnostics;

namespace Monolith.Testing.Processes;

/// <summary>The processes of this machine.</summary>
public static class ProcessTable
{
    /// <summary>Whether the process runs.</summary>
    /// <param name="processId">Its id.</param>
    public static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Kills the process (SIGKILL).</summary>
    /// <param name="processId">Its id.</param>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>The command lines that contain the text.</summary>
    /// <param name="text">The text.</param>
    public static IReadOnlyList<string> Mentioning(string text)
    {
        var start = new ProcessStartInfo("ps", ["-A", "-ww", "-o", "args="]) { RedirectStandardOutput = true };
        using var ps = Process.Start(start)!;
        return [.. ps.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];
    }

    /// <summary>Waits until the process has exited.</summary>
    /// <param name="processId">Its id.</param>
    /// <param name="within">The deadline.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static Task GoneAsync(int processId, TimeSpan within, CancellationToken cancellation) =>
        Eventually.HoldsAsync(within, $"process {processId} is gone", () => !IsAlive(processId), cancellation);
}
