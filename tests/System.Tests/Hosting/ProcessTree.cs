using System.Diagnostics;
using System.Globalization;

namespace Monolith.System.Tests.Hosting;

/// <summary>Processes and their descendants, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>All descendants of a process.</summary>
    public static IReadOnlyList<int> Below(int process)
    {
        var parents = Parents();
        var below = new List<int>();
        for (List<int> level = [process]; level.Count > 0; below.AddRange(level))
            level = [.. parents.Where(entry => level.Contains(entry.Value)).Select(entry => entry.Key)];
        return below;
    }

    public static bool IsAlive(int process) => Stat(process) is { State: not "Z" };

    /// <summary>Kills all of them with one <c>kill -9</c>.</summary>
    public static async Task KillAsync(IEnumerable<int> processes)
    {
        string[] arguments = ["-s", "KILL", .. processes.Select(process => process.ToString(CultureInfo.InvariantCulture))];
        // The program reports an error for processes that have just ended.
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", arguments) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    private static Dictionary<int, int> Parents()
    {
        var parents = new Dictionary<int, int>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat)
                parents[id] = stat.Parent;
        }
        return parents;
    }

    private static (string State, int Parent)? Stat(int process)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            // After the program's name in brackets: its state, then its parent.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            // The process has ended.
            return null;
        }
    }
}
