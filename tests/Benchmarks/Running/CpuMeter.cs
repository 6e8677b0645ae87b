using System.Globalization;

namespace Monolith.Benchmarks.Running;

/// <summary>The processor time of processes, from Linux's /proc; zero on other systems.</summary>
internal static class CpuMeter
{
    private const double TicksPerSecond = 100;
    private const int ParentField = 1;
    private const int UserField = 11;
    private const int ChildSystemField = 14;

    /// <summary>Seconds of a process.</summary>
    public static double Of(int processId) => Stat(processId) is { } fields ? Seconds(fields, UserField, UserField + 1) : 0;

    /// <summary>Seconds of a process and its children, including those that have exited.</summary>
    public static double WithChildren(int processId)
    {
        if (Stat(processId) is not { } parent)
            return 0;
        var sum = Seconds(parent, UserField, ChildSystemField);
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                    && Stat(id) is { } fields
                    && Number(fields[ParentField]) == processId)
                sum += Seconds(fields, UserField, UserField + 1);
        }

        return sum;
    }

    private static string[]? Stat(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The process name before the last parenthesis may contain spaces and parentheses.
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Seconds(string[] fields, int first, int last) => fields[first..(last + 1)].Sum(Number) / TicksPerSecond;

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
