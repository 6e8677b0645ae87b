using System.Globalization;
using Monolith.BuildingBlocks.Admin.Logs;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>The next offset to read of every partition of some logs.</summary>
/// <param name="Offsets">For each log the offsets of its partitions.</param>
internal readonly record struct TailCursor(IReadOnlyList<long[]> Offsets)
{
    private const char Separator = ',';

    /// <summary>Reads the parts of a cursor; null if they are not a position in exactly these logs.</summary>
    public static TailCursor? Read(string[] parts, IReadOnlyList<ModuleLog> logs)
    {
        if (parts.Length != 2 * logs.Count)
            return null;

        var offsets = new long[logs.Count][];
        for (var i = 0; i < logs.Count; i++)
        {
            if (parts[2 * i] != logs[i].Module || !TryReadOffsets(parts[2 * i + 1], logs[i].Log.Partitions, out offsets[i]))
                return null;
        }

        return new TailCursor(offsets);
    }

    /// <summary>The parts of a cursor: the module and the offsets of each log.</summary>
    public IEnumerable<string> ToParts(IReadOnlyList<ModuleLog> logs) =>
        logs.Zip(Offsets, (log, offsets) => new[] { log.Module, string.Join(Separator, offsets.Select(Number)) })
            .SelectMany(parts => parts);

    private static string Number(long offset) => offset.ToString(CultureInfo.InvariantCulture);

    private static bool TryReadOffsets(string text, int partitions, out long[] offsets)
    {
        var numbers = text.Split(Separator);
        offsets = new long[partitions];
        if (numbers.Length != partitions)
            return false;
        for (var partition = 0; partition < partitions; partition++)
        {
            if (!long.TryParse(numbers[partition], NumberStyles.None, CultureInfo.InvariantCulture, out offsets[partition]))
                return false;
        }

        return true;
    }
}
