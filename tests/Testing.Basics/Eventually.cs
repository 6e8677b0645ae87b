using System.Diagnostics;

namespace Monolith.Testing;

/// <summary>Waits for a condition, not for a fixed time. Tests wait only here.</summary>
public static class Eventually
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Polls until nothing is missing.</summary>
    /// <param name="within">The deadline.</param>
    /// <param name="missing">Returns what is still missing, or null. An exception counts as missing.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">Something was missing at the deadline; the message says what.</exception>
    public static async Task HoldsAsync(TimeSpan within, Func<Task<string?>> missing, CancellationToken cancellation = default)
    {
        var clock = Stopwatch.StartNew();
        while (await LookAsync(missing, cancellation) is { } lack)
        {
            if (clock.Elapsed > within)
                throw new TimeoutException($"After {within.TotalSeconds:0.#} s: {lack}");
            await Task.Delay(PollInterval, cancellation);
        }
    }

    /// <summary>Polls until a condition holds.</summary>
    /// <param name="within">The deadline.</param>
    /// <param name="what">The condition, in words.</param>
    /// <param name="holds">The condition.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public static Task HoldsAsync(TimeSpan within, string what, Func<bool> holds, CancellationToken cancellation = default) =>
        HoldsAsync(within, () => Task.FromResult(holds() ? null : $"not yet: {what}"), cancellation);

    private static async Task<string?> LookAsync(Func<Task<string?>> missing, CancellationToken cancellation)
    {
        try
        {
            return await missing();
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }
}
