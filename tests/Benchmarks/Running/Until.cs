using System.Diagnostics;

namespace Monolith.Benchmarks.Running;

/// <summary>Waits for a condition, never for the clock: the one place where benchmarks wait for what they measure or prepare.</summary>
internal static class Until
{
    // Longer than anything here takes on the slowest machine: what has not happened by then never will.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <param name="what">The condition, in words.</param>
    /// <param name="poll">How often to look.</param>
    /// <param name="holds">The condition.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="within">The deadline; half an hour unless said.</param>
    /// <exception cref="TimeoutException">It did not hold by then.</exception>
    public static async Task HoldsAsync(
        string what, TimeSpan poll, Func<Task<bool>> holds, CancellationToken cancellation, TimeSpan? within = null)
    {
        var deadline = within ?? Deadline;
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            if (clock.Elapsed > deadline)
                throw new TimeoutException($"After {deadline.TotalSeconds:0} s not yet: {what}.");
            await Task.Delay(poll, cancellation);
        }
    }
}
