using System.Globalization;

namespace Monolith.Testing;

/// <summary>The seed of a random test: any, unless <c>MONOLITH_TEST_SEED</c> gives that of a run which failed.</summary>
public static class TestSeed
{
    private const string Variable = "MONOLITH_TEST_SEED";
    private const int Largest = 100_000;

    /// <summary>The seed for a test that begins now.</summary>
    public static int Next() =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var given)
            ? given
            : Random.Shared.Next(1, Largest);

    /// <summary>What a test shows of its seed.</summary>
    /// <param name="seed">The seed.</param>
    public static string Shown(int seed) => string.Create(CultureInfo.InvariantCulture, $"seed {seed} (repeat with {Variable}={seed})");
}
