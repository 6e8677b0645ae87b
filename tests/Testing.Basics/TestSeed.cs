using System.Globalization;

namespace Monolith.Testing;

/// <summary>The seed of a random test: random, unless <c>MONOLITH_TEST_SEED</c> sets it to reproduce a failed run.</summary>
public static class TestSeed
{
    private const string Variable = "MONOLITH_TEST_SEED";
    private const int Largest = 100_000;

    /// <summary>Returns the seed for a new test.</summary>
    public static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next(1, Largest);

    /// <summary>The text that a test prints about its seed.</summary>
    /// <param name="seed">The seed.</param>
    public static string Shown(int seed) => string.Create(CultureInfo.InvariantCulture, $"seed {seed} (repeat with {Variable}={seed})");
}
