using System.Diagnostics;

namespace Monolith.System.Tests.Load;

/// <summary>The highest value of any answer, with its time: a request that was sent later must not get a lower value.</summary>
internal sealed class HighWater
{
    private readonly Lock one = new();
    private readonly List<(long Since, int Value)> steps = [];

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>The highest answered value at a moment.</summary>
    public int At(long moment)
    {
        lock (one)
        {
            var index = steps.FindLastIndex(step => step.Since < moment);
            return index < 0 ? 0 : steps[index].Value;
        }
    }

    /// <summary>Records a value of an answer.</summary>
    public void Rise(int value)
    {
        lock (one)
        {
            if (steps.Count == 0 || value > steps[^1].Value)
                steps.Add((Now, value));
        }
    }
}
