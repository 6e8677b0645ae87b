using System.Diagnostics;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Embedded;

/// <summary>What runs on this machine.</summary>
internal static class ProcessTable
{
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

    /// <summary>kill -9.</summary>
    public static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>The command lines that contain the text.</summary>
    public static List<string> Mentioning(string text)
    {
        var start = new ProcessStartInfo("ps", ["-A", "-ww", "-o", "args="]) { RedirectStandardOutput = true };
        using var ps = Process.Start(start)!;
        return [.. ps.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];
    }

    /// <summary>Returns when the process is gone; fails after the time.</summary>
    public static Task GoneAsync(int processId, TimeSpan within) =>
        Eventually.HoldsAsync(within, $"process {processId} is gone", () => !IsAlive(processId), TestContext.Current.CancellationToken);
}
