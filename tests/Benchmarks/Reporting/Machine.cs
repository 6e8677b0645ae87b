using System.Globalization;
using System.Runtime.InteropServices;

namespace Monolith.Benchmarks.Reporting;

/// <summary>The machine of the measurement and its load at the start.</summary>
internal static class Machine
{
    public static string Text(Scale scale) => string.Create(
        CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC; {Processor()}, {Environment.ProcessorCount} cores, "
            + $"{MemoryGiB():0} GiB; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; load when it began: "
            + $"{Load()}; scale: {scale.Name}");

    public static string Markdown(Scale scale) => $"*{Text(scale)}*{Environment.NewLine}";

    private static double MemoryGiB() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':')[1]
            .Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString()
        : RuntimeInformation.ProcessArchitecture.ToString();
}
