using System.Diagnostics;

namespace Monolith.Benchmarks.Running;

/// <summary>Waits for a condition, not for a fixed time. Benchmarks wait only here.</summary>
internal static class Until
{
    // Longer than any step takes on the slowest machine.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <param name="what">The condition, in words.</param>
    /// <param name="poll">The polling interval.</param>
    /// <param name="holds">The condition.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="within">The deadline; half an hour by default.</param>
    /// <exception cref="TimeoutException">It did not hold by the deadline.</exception>
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
