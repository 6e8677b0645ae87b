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
    /// <exception cref="TimeoutException">It did not hold within half an hour.</exception>
    public static async Task HoldsAsync(string what, TimeSpan poll, Func<Task<bool>> holds, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            if (clock.Elapsed > Deadline)
                throw new TimeoutException($"After {Deadline.TotalMinutes:0} minutes not yet: {what}.");
            await Task.Delay(poll, cancellation);
        }
    }
}
