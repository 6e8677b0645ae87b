using System.Diagnostics;

namespace Monolith.System.Tests.Load;

/// <summary>The highest value that anybody was answered, and since when: a request that was sent later must not be answered less.</summary>
internal sealed class HighWater
{
    private readonly Lock one = new();
    private readonly List<(long Since, int Value)> steps = [];

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>The highest value that had been answered at a moment.</summary>
    public int At(long moment)
    {
        lock (one)
        {
            var index = steps.FindLastIndex(step => step.Since < moment);
            return index < 0 ? 0 : steps[index].Value;
        }
    }

    /// <summary>Notes a value that was answered just now.</summary>
    public void Rise(int value)
    {
        lock (one)
        {
            if (steps.Count == 0 || value > steps[^1].Value)
                steps.Add((Now, value));
        }
    }
}
